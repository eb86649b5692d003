import { idsOf, unknown } from './naming-problems.ts';
import type { Problem } from './scenario-error.ts';
import type { Action, Scenario } from './scenario.ts';
import { nodesOf } from './tier-nodes.ts';

type Attack = Extract<Action, { do: 'syn-flood' | 'slow-loris' }>;

/** Bounds on connections where connections do not end. */
export function intakeProblems({ balancer: { intake, layer, mode, listeners } }: Scenario): Problem[] {
  if (intake === undefined) return [];
  const ends =
    listeners.length > 0
      ? listeners.every(({ protocol }) => protocol === 'http' || protocol === 'https')
      : layer === 7 || mode === 'proxy';
  if (ends) return [];
  return [
    {
      field: 'balancer.intake',
      found: 'bounds on connections that pass through layer 4',
      expected: 'layer 7, or layer 4 with the mode "proxy", where connections of clients end',
      mend: 'Remove them, or choose one of these.',
    },
  ];
}

/** An attack on what is not there. */
export function attackProblems({ balancer: { intake }, tier }: Scenario, action: Attack, field: string): Problem[] {
  const nodes = tier === undefined ? [] : idsOf(nodesOf(tier));
  const { balancer } = action;
  const target = balancer === undefined ? [] : unknown('balancer', balancer, nodes, `${field}.balancer`);
  const needed = neededBy(action);
  if (intake?.[needed] !== undefined) return target;
  const found = `"${action.do}" without balancer.intake.${needed}`;
  const expected = 'a bound that the attack can reach';
  return [...target, { field: `${field}.do`, found, expected, mend: `Add balancer.intake.${needed}.` }];
}

export function neededBy(action: Attack): 'halfOpen' | 'maxConnections' {
  return action.do === 'syn-flood' ? 'halfOpen' : 'maxConnections';
}
