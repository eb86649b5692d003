import type { PoolPolicies } from '../core/policies.ts';
import { Desk, EligibleList } from './eligible-list.ts';
import type { EligibilitySettings, PoolContexts } from './pool-settings.ts';
import { Subsets } from './subsets.ts';
import { Tiers } from './tiers.ts';
import type { TierSettings } from './tiers.ts';

/** With one level, no zones and no threshold these ask for nothing: panic is off, where Envoy's is 0.5. */
const DEFAULTS: TierSettings = { overprovisioning: 1.4, panicThreshold: 0, failOpenBelow: 0, backups: 'first' };

/** The lists of a pool that has several. Each has a picker of its own where there is a factory; `desk` has the pool's one. */
export function groupsOf(
  settings: EligibilitySettings,
  { makePicker }: PoolPolicies,
  contexts: PoolContexts,
  desk: Desk,
): Tiers | Subsets {
  const makeList = (name: string) =>
    new EligibleList(makePicker === undefined ? desk : new Desk(makePicker(), contexts.of(`picker:${name}`)));
  const makeTiers = (part: string) =>
    new Tiers({ ...DEFAULTS, ...settings }, (name) => makeList(part + name), contexts.of(`tiers:${part}`));
  const { subsets } = settings;
  return subsets === undefined ? makeTiers('') : new Subsets(subsets, (part) => makeTiers(`${part}: `));
}
