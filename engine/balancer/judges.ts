import type { PoolPolicies } from '../core/policies.ts';
import type { HealthPolicy } from '../core/policy.ts';
import type { PolicyContext } from './context.ts';
import type { PoolContexts } from './pool-settings.ts';
import type { Member } from './roster.ts';

/** What a judge may find a member guilty of. */
export type Verdict = 'failsChecks' | 'ejected';

/** The policies that judge the health of a pool's backends. Before they are asked anything they are told who is in the pool. */
export class Judges {
  /** Of probes. */
  health: HealthPolicy | undefined;
  /** Of requests. */
  readonly outlier: HealthPolicy | undefined;
  private readonly contexts: PoolContexts;
  private readonly members: readonly Member[];
  /** They have not yet heard who joined or left. */
  private membersChanged = true;

  constructor({ health, outlier }: PoolPolicies, contexts: PoolContexts, members: readonly Member[]) {
    this.health = health;
    this.outlier = outlier;
    this.contexts = contexts;
    this.members = members;
  }

  /** The intervals after which one of them wants to be swept. */
  get sweepIntervals(): readonly number[] {
    return [this.health, this.outlier].filter((policy) => policy?.sweep !== undefined).map(sweepEveryUs);
  }

  judgeBy(health: HealthPolicy): void {
    this.health = health;
    this.membersChanged = true;
  }

  membersChange(): void {
    this.membersChanged = true;
  }

  introduce(): void {
    if (!this.membersChanged) return;
    this.membersChanged = false;
    if (this.health?.onPoolChange === undefined && this.outlier?.onPoolChange === undefined) return;
    const views = this.members.map((member) => member.view);
    this.health?.onPoolChange?.(views, this.contexts.health);
    this.outlier?.onPoolChange?.(views, this.contexts.outlier);
  }

  /** Asks those that compare backends with this interval; `apply` is to carry out what they say of each. Answers for whom it said true. */
  sweep(
    everyUs: number,
    apply: (member: Member, verdict: Verdict, health: unknown, context: PolicyContext) => boolean,
  ): readonly Member[] {
    this.introduce();
    const sweepOne = (verdict: Verdict, policy: HealthPolicy | undefined, context: PolicyContext) => {
      if (policy?.sweep === undefined || sweepEveryUs(policy) !== everyUs) return [];
      const views = this.members.map((member) => member.view);
      const verdicts = policy.sweep(views, context);
      if (verdicts === undefined) return [];
      return this.members.filter((member) => apply(member, verdict, verdicts.get(member.view), context));
    };
    return [
      ...sweepOne('failsChecks', this.health, this.contexts.health),
      ...sweepOne('ejected', this.outlier, this.contexts.outlier),
    ];
  }
}

/** How often a policy that compares backends is asked to: each second unless it says. */
function sweepEveryUs(policy: HealthPolicy | undefined): number {
  return policy?.sweepEveryUs ?? 1_000_000;
}
