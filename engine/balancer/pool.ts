import { slotOf } from '../core/backend.ts';
import type { BackendView } from '../core/backend.ts';
import { grown } from '../core/columns.ts';
import type {
  AgentOrders,
  AgentPolicy,
  HealthPolicy,
  HealthSignal,
  Outcome,
  Picker,
  PoolPolicies,
} from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import type { PolicyContext } from './context.ts';
import { PolicyError } from './policy-error.ts';

/** What the balancer holds a backend for, and acts on. */
export const BELIEVED = { healthy: 1, unhealthy: 2, draining: 3, removed: 4 } as const;

/** No backend: none is eligible, or the picker declined. */
export const NO_BACKEND = -1;

/** One backend as a member of its pool. Only its pool changes it. */
export interface Member {
  /** The engine's index. */
  readonly backend: number;
  readonly view: BackendView;
  /** The verdict of active checks. */
  failsChecks: boolean;
  /** The verdict of outlier detection. */
  ejected: boolean;
  draining: boolean;
  /** The backend's agent says that it is down. */
  agentDown: boolean;
  /** It takes no new work by order of its agent: drain, maint, or weight 0. */
  agentDrains: boolean;
  /** The state its agent last ordered. */
  agentState: 'ready' | 'drain' | 'maint';
  removed: boolean;
}

/**
 * All backends of all pools by the engine's index. What every pick reads stands in a column of its own: at ten thousand backends that is the
 * difference between memory near the processor and far from it.
 */
export class Roster {
  readonly members: Member[] = [];
  readonly views: BackendView[] = [];
  /** Index of the backend's pool. */
  pool = new Uint16Array(64);
  /** 1 + the index of the pool whose picker may answer the backend now; 0: none may. */
  offeredBy = new Uint16Array(64);

  join(member: Member, pool: number): void {
    const { backend } = member;
    if (backend === this.pool.length) {
      this.pool = grown(this.pool);
      this.offeredBy = grown(this.offeredBy);
    }
    this.members.push(member);
    this.views.push(member.view);
    this.pool[backend] = pool;
    this.offeredBy[backend] = 1 + pool;
  }
}

/** The context each policy of a pool gets. */
export interface PoolContexts {
  readonly picker: PolicyContext;
  readonly health: PolicyContext;
  readonly outlier: PolicyContext;
  readonly agent: PolicyContext;
}

/**
 * A pool keeps the list of backends that may be picked and asks its policies. The list is mended when something changes, never filtered
 * per pick: a pick costs what the picker costs, a change O(n).
 */
export class Pool {
  readonly id: string;
  /** Counts what happens to members. */
  revision = 0;
  private readonly index: number;
  private readonly picker: Picker;
  private readonly health: HealthPolicy | undefined;
  private readonly outlier: HealthPolicy | undefined;
  private readonly agent: AgentPolicy | undefined;
  private readonly judgesStarts: boolean;
  private readonly hearsStarts: boolean;
  private readonly hearsEnds: boolean;
  private readonly contexts: PoolContexts;
  private readonly roster: Roster;
  /** Members that were not removed, in the order of the engine's indices. */
  private readonly members: Member[] = [];
  private readonly eligible: BackendView[] = [];
  /** The picker has not yet heard of the latest change. */
  private changed = true;
  /** The judges of health have not yet heard who joined or left. */
  private membersChanged = true;
  /** The picker has not yet heard who joined, left or changed its weight. */
  private configurationChanged = true;

  constructor(id: string, index: number, policies: PoolPolicies, contexts: PoolContexts, roster: Roster) {
    this.id = id;
    this.index = index;
    this.picker = policies.picker;
    this.health = policies.health;
    this.outlier = policies.outlier;
    this.agent = policies.agent;
    this.judgesStarts = policies.outlier?.onRequestStart !== undefined;
    this.hearsStarts = policies.picker.onRequestStart !== undefined;
    this.hearsEnds = policies.picker.onRequestEnd !== undefined;
    this.contexts = contexts;
    this.roster = roster;
  }

  get sweeps(): boolean {
    return this.health?.sweep !== undefined || this.outlier?.sweep !== undefined;
  }

  /** Does the backend's latest response ask for an early probe? */
  suspects(view: BackendView): boolean {
    return this.health?.suspects?.(view) ?? false;
  }

  join(view: BackendView): void {
    const member: Member = {
      backend: slotOf(view),
      view,
      failsChecks: false,
      ejected: false,
      draining: false,
      agentDown: false,
      agentDrains: false,
      agentState: 'ready',
      removed: false,
    };
    this.roster.join(member, this.index);
    this.members.push(member);
    this.membersChanged = true;
    this.eligible.push(view);
    this.changed = true;
    this.configurationChanged = true;
    this.revision++;
  }

  /** Those that may serve whoever is bound to them: all that are healthy, also while they drain. */
  bindable(): BackendView[] {
    return this.members.filter(canBind).map(({ view }) => view);
  }

  isBindable(backend: number): boolean {
    return this.roster.pool[backend] === this.index && canBind(this.roster.members[backend]!);
  }

  /** The engine's index of the backend for this request, or NO_BACKEND. */
  pick(request: RequestView): number {
    const context = this.contexts.picker;
    if (this.changed) {
      this.changed = false;
      this.tellMembers(context);
      this.picker.onPoolChange?.(this.eligible, context);
    }
    if (this.eligible.length === 0) return NO_BACKEND;
    const answer = this.picker.pick(this.eligible, request, context);
    return answer === undefined ? NO_BACKEND : this.checked(answer, request);
  }

  /** Tells the policies that a request was sent to one of the pool's backends. Answers whether its eligibility changed. */
  started(backend: number, view: BackendView, request: RequestView): boolean {
    if (this.hearsStarts) this.picker.onRequestStart!(view, request, this.contexts.picker);
    if (!this.judgesStarts) return false;
    this.introduce();
    const context = this.contexts.outlier;
    const member = this.roster.members[backend]!;
    return this.apply(member, 'ejected', this.outlier!.onRequestStart!(view, context), context);
  }

  /**
   * Tells the policies how an attempt at the backend ended; `judged` is false where that says nothing about its health. Answers whether its
   * eligibility changed. Where nobody listens, no Outcome is made.
   */
  ended(
    backend: number,
    view: BackendView,
    request: RequestView,
    kind: Outcome['kind'],
    status: number,
    latencyUs: number,
    bytes: number,
    judged: boolean,
  ): boolean {
    const { health, outlier } = this;
    const healthHears = health?.hearsResponses === true;
    if (!this.hearsEnds && outlier === undefined && !healthHears) return false;
    const outcome: Outcome = { kind, status, latencyUs, bytes };
    if (this.hearsEnds) this.picker.onRequestEnd!(view, request, outcome, this.contexts.picker);
    const member = this.roster.members[backend]!;
    if (!judged || member.removed) return false;
    this.introduce();
    const signal = { kind: 'response', outcome } as const;
    const { health: byHealth, outlier: byOutlier } = this.contexts;
    const failed = healthHears && this.apply(member, 'failsChecks', health.observe(view, signal, byHealth), byHealth);
    const ejected =
      outlier !== undefined && this.apply(member, 'ejected', outlier.observe(view, signal, byOutlier), byOutlier);
    return failed || ejected;
  }

  /** Has the result of a probe judged. Answers whether the member's eligibility changed. */
  probed(member: Member, signal: HealthSignal): boolean {
    if (this.health === undefined) return false;
    this.introduce();
    const context = this.contexts.health;
    return this.apply(member, 'failsChecks', this.health.observe(member.view, signal, context), context);
  }

  /** Has the reply of an agent read (`undefined`: none came). Answers what it orders. */
  askedAgent(member: Member, reply: string | undefined): AgentOrders | undefined {
    return this.agent?.observe(member.view, reply, this.contexts.agent);
  }

  /** Asks the policies that compare backends. Answers the members whose eligibility changed. */
  sweep(): readonly Member[] {
    this.introduce();
    return [
      ...this.sweepOne('failsChecks', this.health, this.contexts.health),
      ...this.sweepOne('ejected', this.outlier, this.contexts.outlier),
    ];
  }

  /** Sets what the balancer knows of a member and mends the eligible list. Answers whether the member's eligibility changed. */
  change(
    member: Member,
    what: 'failsChecks' | 'ejected' | 'draining' | 'agentDown' | 'agentDrains',
    to: boolean,
  ): boolean {
    member[what] = to;
    this.revision++;
    return this.mend(member);
  }

  remove(member: Member): boolean {
    member.removed = true;
    this.members.splice(this.members.indexOf(member), 1);
    this.configurationChanged = true;
    // One that was out already changes nothing but the members.
    if (this.picker.onMembersChange) this.changed = true;
    this.revision++;
    this.membersChanged = true;
    return this.mend(member);
  }

  /** A weight changed: the list stays, yet the picker hears of it. */
  weightChanged(): void {
    this.changed = true;
    this.configurationChanged = true;
  }

  private tellMembers(context: PolicyContext): void {
    if (!this.configurationChanged) return;
    this.configurationChanged = false;
    this.picker.onMembersChange?.(
      this.members.map(({ view }) => view),
      context,
    );
  }

  /** Tells the judges of health who is in the pool, if that has changed. */
  private introduce(): void {
    if (!this.membersChanged) return;
    this.membersChanged = false;
    if (this.health?.onPoolChange === undefined && this.outlier?.onPoolChange === undefined) return;
    const views = this.members.map((member) => member.view);
    this.health?.onPoolChange?.(views, this.contexts.health);
    this.outlier?.onPoolChange?.(views, this.contexts.outlier);
  }

  private mend(member: Member): boolean {
    const eligible = beliefOf(member) === BELIEVED.healthy;
    const { backend, view } = member;
    if (eligible === (this.roster.offeredBy[backend] !== 0)) return false;
    this.roster.offeredBy[backend] = eligible ? 1 + this.index : 0;
    const place = this.placeOf(backend);
    if (eligible) this.eligible.splice(place, 0, view);
    else this.eligible.splice(place, 1);
    this.changed = true;
    return true;
  }

  /** Where a backend is, or belongs, in the eligible list: that is in the order of the engine's indices. */
  private placeOf(backend: number): number {
    let low = 0;
    let high = this.eligible.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (slotOf(this.eligible[middle]) < backend) low = middle + 1;
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
    if (this.roster.offeredBy[slot] !== 1 + this.index || this.roster.views[slot] !== answer) {
      throw new PolicyError('not-eligible', this.contexts.picker.nowUs, request.id, answer);
    }
    return slot;
  }
}

function canBind({ failsChecks, ejected, removed }: Member): boolean {
  return !failsChecks && !ejected && !removed;
}

/** The code of BELIEVED for a member. */
export function beliefOf(member: Member): number {
  if (member.removed) return BELIEVED.removed;
  if (member.draining || member.agentDrains) return BELIEVED.draining;
  return member.failsChecks || member.ejected || member.agentDown ? BELIEVED.unhealthy : BELIEVED.healthy;
}
