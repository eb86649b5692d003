import { slotOf } from '../core/backend.ts';
import type { BackendView } from '../core/backend.ts';
import type { HealthPolicy, HealthSignal, Outcome, Picker, PoolPolicies } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import type { PolicyContext } from './context.ts';
import { PolicyError } from './policy-error.ts';

/** What the balancer holds a backend for, and acts on. */
export const BELIEVED = { healthy: 1, unhealthy: 2, draining: 3, removed: 4 } as const;

/** No backend: none is eligible, or the picker declined. */
export const NO_BACKEND = -1;

/** One backend as a member of its pool. Only its pool changes it. */
export interface Member {
  readonly view: BackendView;
  readonly pool: Pool;
  /** The verdict of active checks. */
  failsChecks: boolean;
  /** The verdict of outlier detection. */
  ejected: boolean;
  draining: boolean;
  removed: boolean;
  /** In the list handed to the picker. */
  eligible: boolean;
}

/** The context each policy of a pool gets. */
export interface PoolContexts {
  readonly picker: PolicyContext;
  readonly health: PolicyContext;
  readonly outlier: PolicyContext;
}

/**
 * A pool keeps the list of backends that may be picked and asks its policies. The list is mended when something changes, never filtered
 * per pick: a pick costs what the picker costs, a change O(n).
 */
export class Pool {
  readonly id: string;
  private readonly picker: Picker;
  private readonly health: HealthPolicy | undefined;
  private readonly outlier: HealthPolicy | undefined;
  private readonly hearsStarts: boolean;
  private readonly hearsEnds: boolean;
  private readonly contexts: PoolContexts;
  /** All members of all pools by the engine's index. */
  private readonly table: readonly Member[];
  /** Members that were not removed, in the order of that index. */
  private readonly members: Member[] = [];
  private readonly eligible: BackendView[] = [];
  /** The picker has not yet heard of the latest change. */
  private changed = true;

  constructor(id: string, policies: PoolPolicies, contexts: PoolContexts, table: readonly Member[]) {
    this.id = id;
    this.picker = policies.picker;
    this.health = policies.health;
    this.outlier = policies.outlier;
    this.hearsStarts = policies.picker.onRequestStart !== undefined;
    this.hearsEnds = policies.picker.onRequestEnd !== undefined;
    this.contexts = contexts;
    this.table = table;
  }

  get sweeps(): boolean {
    return this.health?.sweep !== undefined || this.outlier?.sweep !== undefined;
  }

  join(view: BackendView): Member {
    const member: Member = {
      view,
      pool: this,
      failsChecks: false,
      ejected: false,
      draining: false,
      removed: false,
      eligible: true,
    };
    this.members.push(member);
    this.eligible.push(view);
    this.changed = true;
    return member;
  }

  /** The engine's index of the backend for this request, or NO_BACKEND. */
  pick(request: RequestView): number {
    const context = this.contexts.picker;
    if (this.changed) {
      this.changed = false;
      this.picker.onPoolChange?.(this.eligible, context);
    }
    if (this.eligible.length === 0) return NO_BACKEND;
    const answer = this.picker.pick(this.eligible, request, context);
    return answer === undefined ? NO_BACKEND : this.checked(answer, request);
  }

  /** Tells the picker that a request was sent to one of the pool's backends. */
  started(view: BackendView, request: RequestView): void {
    if (this.hearsStarts) this.picker.onRequestStart!(view, request, this.contexts.picker);
  }

  /**
   * Tells the policies how an attempt ended; `judged` is false where that says nothing about the backend's health. Answers whether the
   * member's eligibility changed. Nobody listens, no Outcome is made.
   */
  ended(
    member: Member,
    request: RequestView,
    kind: Outcome['kind'],
    status: number,
    latencyUs: number,
    bytes: number,
    judged: boolean,
  ): boolean {
    const heardByOutlier = judged && this.outlier !== undefined && !member.removed;
    if (!this.hearsEnds && !heardByOutlier) return false;
    const outcome: Outcome = { kind, status, latencyUs, bytes };
    if (this.hearsEnds) this.picker.onRequestEnd!(member.view, request, outcome, this.contexts.picker);
    if (!heardByOutlier) return false;
    const context = this.contexts.outlier;
    return this.apply(
      member,
      'ejected',
      this.outlier.observe(member.view, { kind: 'response', outcome }, context),
      context,
    );
  }

  /** Has the result of a probe judged. Answers whether the member's eligibility changed. */
  probed(member: Member, signal: HealthSignal): boolean {
    if (this.health === undefined) return false;
    const context = this.contexts.health;
    return this.apply(member, 'failsChecks', this.health.observe(member.view, signal, context), context);
  }

  /** Asks the policies that compare backends. Answers the members whose eligibility changed. */
  sweep(): readonly Member[] {
    return [
      ...this.sweepOne('failsChecks', this.health, this.contexts.health),
      ...this.sweepOne('ejected', this.outlier, this.contexts.outlier),
    ];
  }

  /** Sets what the balancer knows of a member and mends the eligible list. Answers whether the member's eligibility changed. */
  change(member: Member, what: 'failsChecks' | 'ejected' | 'draining', to: boolean): boolean {
    member[what] = to;
    return this.mend(member);
  }

  remove(member: Member): boolean {
    member.removed = true;
    this.members.splice(this.members.indexOf(member), 1);
    return this.mend(member);
  }

  /** A weight changed: the list stays, yet the picker hears of it. */
  weightChanged(): void {
    this.changed = true;
  }

  private mend(member: Member): boolean {
    const eligible = !(member.failsChecks || member.ejected || member.draining || member.removed);
    if (eligible === member.eligible) return false;
    member.eligible = eligible;
    const place = this.placeOf(member.view);
    if (eligible) this.eligible.splice(place, 0, member.view);
    else this.eligible.splice(place, 1);
    this.changed = true;
    return true;
  }

  /** Where a view is, or belongs, in the eligible list: that is in the order of the engine's indices. */
  private placeOf(view: BackendView): number {
    const slot = slotOf(view);
    let low = 0;
    let high = this.eligible.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (slotOf(this.eligible[middle]) < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private sweepOne(
    verdict: 'failsChecks' | 'ejected',
    policy: HealthPolicy | undefined,
    context: PolicyContext,
  ): readonly Member[] {
    if (policy?.sweep === undefined) return [];
    const views = this.members.map((member) => member.view);
    const verdicts = policy.sweep(views, context);
    if (verdicts === undefined) return [];
    return this.members.filter((member) => this.apply(member, verdict, verdicts.get(member.view), context));
  }

  private apply(member: Member, verdict: 'failsChecks' | 'ejected', health: unknown, context: PolicyContext): boolean {
    if (health === undefined) return false;
    if (health !== 'healthy' && health !== 'unhealthy') throw new PolicyError('not-a-health', context.nowUs, 0, health);
    return this.change(member, verdict, health === 'unhealthy');
  }

  /** The picker's answer as the engine's index, if it is a possible one. */
  private checked(answer: unknown, request: RequestView): number {
    const slot = slotOf(answer);
    if (slot < 0) throw new PolicyError('not-a-backend', this.contexts.picker.nowUs, request.id, answer);
    const member = this.table[slot];
    if (member === undefined || member.view !== answer || member.pool !== this || !member.eligible) {
      throw new PolicyError('not-eligible', this.contexts.picker.nowUs, request.id, answer);
    }
    return slot;
  }
}

/** The code of BELIEVED for a member. */
export function beliefOf(member: Member): number {
  if (member.removed) return BELIEVED.removed;
  if (member.draining) return BELIEVED.draining;
  return member.failsChecks || member.ejected ? BELIEVED.unhealthy : BELIEVED.healthy;
}
