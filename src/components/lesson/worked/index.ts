/**
 * Worked examples: one decision at a time, with the numbers behind it, computed while the site is built. One file for each example; its
 * function takes what the lesson writes as props of `<Stepper>`.
 */
import type { WorkedStep } from '../worked-types.ts';
import { flows } from './flows.ts';
import { leastConnections } from './least-connections.ts';
import { ring } from './ring.ts';
import { routes } from './routes.ts';
import { smoothWeighted } from './smooth-weighted.ts';
import { stickyCookie } from './sticky-cookie.ts';
import { thresholds } from './thresholds.ts';
import { twoChoices } from './two-choices.ts';
import { vrrp } from './vrrp.ts';

export const EXAMPLES = {
  'least-connections': leastConnections,
  'smooth-weighted': smoothWeighted,
  'sticky-cookie': stickyCookie,
  thresholds,
  'two-choices': twoChoices,
  flows,
  ring,
  routes,
  vrrp,
} as const;

type Name = keyof typeof EXAMPLES;

/** The name of an example, and what it needs. */
export type Example = { [N in Name]: { readonly example: N } & Parameters<(typeof EXAMPLES)[N]>[0] }[Name];

export function exampleSteps(props: Example): readonly WorkedStep[] {
  const steps = EXAMPLES[props.example] as ((props: Example) => readonly WorkedStep[]) | undefined;
  if (steps === undefined) {
    throw new Error(`There is no worked example "${props.example}". There are: ${Object.keys(EXAMPLES).join(', ')}.`);
  }
  return steps(props);
}
