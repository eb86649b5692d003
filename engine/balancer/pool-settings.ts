import type { PolicyContext } from './context.ts';
import type { SlowStart } from './slow-start.ts';
import type { SubsetSettings } from './subsets.ts';
import type { TierSettings } from './tiers.ts';

/** The context each policy of a pool gets; `of` makes one with a stream of its own. */
export interface PoolContexts {
  readonly picker: PolicyContext;
  readonly health: PolicyContext;
  readonly outlier: PolicyContext;
  readonly agent: PolicyContext;
  readonly breaker: PolicyContext;
  readonly of: (purpose: string) => PolicyContext;
}

/** What a configuration may say of who is eligible in a pool; what it does not say is DEFAULTS. */
export interface EligibilitySettings extends Partial<TierSettings> {
  readonly subsets?: SubsetSettings | undefined;
}

/** What a configuration may say of a pool beside its policies. */
export interface PoolSettings extends EligibilitySettings {
  /** How backends that come back, or join later, start. */
  readonly slowStart?: SlowStart | undefined;
}
