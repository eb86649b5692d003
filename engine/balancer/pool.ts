import { setMaxConnections, setWeight, slotOf } from '../core/backend.ts';
import type { BackendView } from '../core/backend.ts';
import type { PoolPolicies } from '../core/policies.ts';
import type { AgentPolicy, BreakerPolicy, HealthPolicy, HealthSignal, LoadReport, Outcome } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import type { PolicyContext } from './context.ts';
import { Desk, EligibleList } from './eligible-list.ts';
import { PolicyError } from './policy-error.ts';
import { groupsOf } from './groups.ts';
import { Judges } from './judges.ts';
import type { Verdict } from './judges.ts';
import type { PoolContexts, PoolSettings } from './pool-settings.ts';
import { beginRamp, boundOf, followRamp, turnRamp } from './ramp.ts';
import { BELIEVED, beliefOf, canBind, newMember, shareOf } from './roster.ts';
import type { Member, Role, Roster } from './roster.ts';
import type { Subsets } from './subsets.ts';
import type { Tiers } from './tiers.ts';

/** No backend: none is eligible, or the picker declined. */
export const NO_BACKEND = -1;

/** What a balancer may come to know of a member. */
type Fact = 'failsChecks' | 'ejected' | 'draining' | 'disabled';

/**
 * A pool keeps the list of backends that may be picked and asks its policies. The list is mended when something changes, never filtered
 * per pick: a pick costs what the picker costs, a change O(n).
 */
export class Pool {
  readonly id: string;
  private readonly index: number;
  private readonly policies: PoolPolicies;
  private readonly judges: Judges;
  private readonly agent: AgentPolicy | undefined;
  private readonly breaker: BreakerPolicy | undefined;
  private readonly judgesStarts: boolean;
  private hearsStarts: boolean;
  private hearsEnds: boolean;
  private readonly contexts: PoolContexts;
  private readonly roster: Roster;
  private readonly settings: PoolSettings;
  /** Members that were not removed, in the order of the engine's indices. */
  private readonly members: Member[] = [];
  /** Backends of other pools, which judge their health, that this one's picker may choose as well. */
  private guests: readonly Member[] = [];
  /** The list of a plain pool: one level, no zones, no subsets. */
  private readonly only: EligibleList;
  /** Which list a request is picked from where there are several. */
  private groups: Tiers | Subsets | undefined;
  /** Do requests that start and end change who is eligible? */
  private watchesLoad = false;
  private sent = false;

  constructor(
    id: string,
    index: number,
    policies: PoolPolicies,
    contexts: PoolContexts,
    roster: Roster,
    settings: PoolSettings = {},
  ) {
    this.id = id;
    this.index = index;
    this.policies = policies;
    this.judges = new Judges(policies, contexts, this.members);
    this.agent = policies.agent;
    this.breaker = policies.breaker;
    this.judgesStarts = policies.outlier?.onRequestStart !== undefined;
    this.hearsStarts = policies.picker.onRequestStart !== undefined;
    this.hearsEnds = policies.picker.onRequestEnd !== undefined;
    this.contexts = contexts;
    this.roster = roster;
    this.settings = settings;
    this.only = new EligibleList(new Desk(policies.picker, contexts.picker));
    const { panicThreshold, failOpenBelow, locality, subsets } = settings;
    if (panicThreshold || failOpenBelow || locality !== undefined || subsets !== undefined) this.formGroups();
  }

  /** The intervals after which a policy wants to be swept. */
  get sweepIntervals(): readonly number[] {
    return this.judges.sweepIntervals;
  }

  /** Was a request sent to any of the backends? */
  get hadRequests(): boolean {
    return this.sent;
  }

  /** Does the backend's latest response ask for an early probe? */
  suspects(view: BackendView): boolean {
    return this.judges.health?.suspects?.(view) ?? false;
  }

  join(view: BackendView, role: Role = {}): void {
    const member = newMember(view, role);
    this.roster.join(member, this.index);
    this.members.push(member);
    this.judges.membersChange();
    this.startSlowly(member);
    if (this.groups === undefined && (role.backup || role.priority)) this.formGroups();
    else this.seat(member);
    this.watchesLoad ||= view.maxConnections !== Infinity && this.policies.picker.skipsFull === undefined;
    this.mend(member);
  }

  /** Those that may serve whoever is bound to them: all that are healthy, and with `draining` also while they drain. */
  bindable(draining: boolean): BackendView[] {
    return [...this.members, ...this.guests].filter((member) => canBind(member, draining)).map(({ view }) => view);
  }

  isBindable(backend: number, draining: boolean): boolean {
    const member = this.roster.members[backend]!;
    const isOurs = this.roster.pool[backend] === this.index || this.guests.includes(member);
    return isOurs && canBind(member, draining);
  }

  /** The engine's index of the backend for this request, or NO_BACKEND. `find`: asked instead of the picker, and like one. */
  pick(request: RequestView, find?: (backends: readonly BackendView[]) => unknown): number {
    if (this.breaker !== undefined) this.askBreakers(this.breaker);
    const list = this.groups === undefined ? this.only : this.groups.choose(request);
    const answer = list?.pick(request, find);
    return answer === undefined ? NO_BACKEND : this.checked(answer, list!, request);
  }

  /** A request was sent to one of the pool's backends, and is counted there. Answers whether the balancer thinks otherwise of it now. */
  started(backend: number, view: BackendView, request: RequestView): boolean {
    this.sent = true;
    if (!this.hearsStarts && !this.watchesLoad && !this.judgesStarts) return false;
    const member = this.roster.members[backend]!;
    if (this.hearsStarts) {
      for (const { picker, context } of member.desks) picker.onRequestStart?.(view, request, context);
    }
    if (this.watchesLoad) this.mend(member);
    if (!this.judgesStarts) return false;
    this.judges.introduce();
    const context = this.contexts.outlier;
    return this.apply(member, 'ejected', this.judges.outlier!.onRequestStart!(view, context), context);
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
    load?: LoadReport,
  ): boolean {
    const { hearsEnds, breaker, watchesLoad } = this;
    const { health, outlier } = this.judges;
    const healthHears = health?.hearsResponses === true;
    if (!hearsEnds && !watchesLoad && !healthHears && outlier === undefined && breaker === undefined) return false;
    const member = this.roster.members[backend]!;
    const outcome: Outcome = { kind, status, latencyUs, bytes, ...(load && { load }) };
    if (hearsEnds) {
      for (const { picker, context } of member.desks) picker.onRequestEnd?.(view, request, outcome, context);
    }
    if (watchesLoad) this.mend(member);
    if (!judged || member.removed) return false;
    this.judges.introduce();
    const signal = { kind: 'response', outcome } as const;
    const { health: byHealth, outlier: byOutlier, breaker: byBreaker } = this.contexts;
    breaker?.observe(view, outcome, byBreaker);
    const failed = healthHears && this.apply(member, 'failsChecks', health.observe(view, signal, byHealth), byHealth);
    const ejected =
      outlier !== undefined && this.apply(member, 'ejected', outlier.observe(view, signal, byOutlier), byOutlier);
    return failed || ejected;
  }

  /** Has the result of a probe judged. Answers whether the member's eligibility changed. */
  probed(member: Member, signal: HealthSignal): boolean {
    const { health } = this.judges;
    if (health === undefined) return false;
    const context = this.contexts.health;
    member.judged = true;
    this.judges.introduce();
    return this.apply(member, 'failsChecks', health.observe(member.view, signal, context), context);
  }

  /** A member's agent was asked (`undefined`: in vain): does what it orders. */
  agentReplied(member: Member, reply: string | undefined): void {
    const orders = this.agent?.observe(member.view, reply, this.contexts.agent);
    if (orders === undefined) return;
    const { health, weightPercent, maxConnections, state } = orders;
    if (health !== undefined) member.agentDown = health === 'unhealthy';
    if (state !== undefined) member.agentState = state;
    if (weightPercent !== undefined && weightPercent !== member.agentPercent) {
      member.agentPercent = weightPercent;
      this.weigh(member);
    }
    if (maxConnections !== undefined) this.setMaxConnections(member, maxConnections);
    member.agentDrains = member.agentState !== 'ready' || (member.agentPercent < 100 && shareOf(member) === 0);
    this.mend(member);
  }

  /** Asks the policies that compare backends with this interval. Answers the members whose eligibility changed. */
  sweep(everyUs: number): readonly Member[] {
    return this.judges.sweep(everyUs, (...finding) => this.apply(...finding));
  }

  /** Sets what the balancer knows of a member and mends the lists. Answers whether the balancer thinks otherwise of it now. */
  change(member: Member, what: Fact, to: boolean): boolean {
    member[what] = to;
    return this.mend(member);
  }

  /** These backends of other pools are its guests from now on. */
  host(guests: readonly Member[], poolOf: (member: Member) => Pool): void {
    for (const member of this.guests) if (!guests.includes(member)) poolOf(member).dismiss(member, this.only);
    for (const member of guests) if (!this.guests.includes(member)) poolOf(member).invite(member, this.only);
    this.guests = guests;
    this.roster.revision++;
  }

  /** Its probes are judged anew from now on, by this policy. */
  judgeBy(health: HealthPolicy): void {
    this.judges.judgeBy(health);
  }

  /** Gives a member one more seat, at a list that is none of this pool's. */
  private invite(member: Member, list: EligibleList): void {
    const { desk } = list;
    member.seats.push({ list, health: true, taken: false });
    member.desks.push(desk);
    list.admit(member.view);
    this.hearsStarts ||= desk.hearsStarts;
    this.hearsEnds ||= desk.hearsEnds;
    this.watchesLoad ||= member.view.maxConnections !== Infinity && desk.picker.skipsFull === undefined;
    this.mend(member);
  }

  /** Takes that seat away again. */
  private dismiss(member: Member, list: EligibleList): void {
    const place = member.seats.findIndex((seat) => seat.list === list);
    if (place < 0) return;
    if (member.seats[place]!.taken) list.take(member.view);
    list.dismiss(member.view);
    member.seats.splice(place, 1);
    member.desks.splice(member.desks.indexOf(list.desk), 1);
    this.mend(member);
  }

  remove(member: Member): boolean {
    member.removed = true;
    this.members.splice(this.members.indexOf(member), 1);
    for (const { list } of member.seats) list.dismiss(member.view);
    this.judges.membersChange();
    return this.mend(member);
  }

  /** 0: no new clients. What the agent orders is a part of it, so it holds for the new one too. */
  setWeight(member: Member, weight: number): void {
    member.weight = weight;
    this.weigh(member);
    this.mend(member);
  }

  setMaxConnections(member: Member, maxConnections: number): void {
    member.maxConnections = maxConnections;
    this.weigh(member);
    this.watchesLoad ||= maxConnections !== Infinity && this.policies.picker.skipsFull === undefined;
    this.mend(member);
  }

  /** Gives a backend in slow start the part that is its by now. Answers when to do so again; undefined: it is in none, or no more. */
  ramp(member: Member): number | undefined {
    const { slowStart } = this.settings;
    if (slowStart === undefined || member.rampSinceUs === undefined) return undefined;
    const againUs = followRamp(member, slowStart, this.nowUs);
    this.weigh(member);
    this.mend(member);
    return againUs;
  }

  private get nowUs(): number {
    return this.contexts.picker.nowUs;
  }

  /** Who joins a running pool does so slowly, if the pool is one of that kind. */
  private startSlowly(member: Member): void {
    const { slowStart } = this.settings;
    if (slowStart === undefined || this.nowUs === 0) return;
    if (beginRamp(member, this.members, slowStart, this.nowUs)) this.weigh(member);
  }

  /** Shows weight and bound. A part of the weight that comes to nothing is not shown: who has none is in no list. */
  private weigh(member: Member): void {
    const share = shareOf(member);
    if (share > 0 || member.weight === 0) setWeight(member.view, share);
    setMaxConnections(member.view, boundOf(member, this.settings.slowStart, this.nowUs));
    for (const { list } of member.seats) list.reweighed();
  }

  /** Puts a member where it belongs after something about it changed. Answers whether the balancer thinks otherwise of it now. */
  private mend(member: Member): boolean {
    const { view } = member;
    const { slowStart } = this.settings;
    if (slowStart !== undefined && turnRamp(member, this.members, slowStart, this.nowUs)) this.weigh(member);
    const binding = Number(canBind(member, true)) + Number(canBind(member, false));
    if (binding !== member.binding) this.roster.revision++;
    member.binding = binding;
    const belief = beliefOf(member);
    const up = belief === BELIEVED.healthy;
    const counted = (up || belief === BELIEVED.unhealthy) && member.weight > 0;
    const changed = up !== member.up;
    if (changed || counted !== member.counted) this.count(member, counted, up);
    const free = this.isFree(member);
    let offered = false;
    for (const seat of member.seats) {
      const taken = free && counted && (up || !seat.health);
      offered ||= taken;
      if (taken === seat.taken) continue;
      seat.taken = taken;
      if (taken) seat.list.put(view);
      else seat.list.take(view);
    }
    this.roster.offeredBy[member.backend] = offered ? 1 + this.index : 0;
    return changed;
  }

  private count(member: Member, counted: boolean, up: boolean): void {
    for (const count of member.counts) {
      count.hosts += Number(counted) - Number(member.counted);
      count.healthy += Number(counted && up) - Number(member.counted && member.up);
    }
    member.counted = counted;
    member.up = up;
    this.groups?.touch();
  }

  /** May it take one more request? */
  private isFree({ view, breaker }: Member): boolean {
    if (breaker === 'open') return false;
    if (breaker === 'half-open' && view.inFlight > 0) return false;
    return !view.full || this.policies.picker.skipsFull === true;
  }

  private askBreakers(policy: BreakerPolicy): void {
    for (const member of this.members) {
      const state = policy.state(member.view, this.contexts.breaker);
      if (state === member.breaker) continue;
      member.breaker = state;
      this.watchesLoad ||= state === 'half-open';
      this.mend(member);
    }
  }

  /** From now on there are several lists; the plain one is the first of them. */
  private formGroups(): void {
    this.groups = groupsOf(this.settings, this.policies, this.contexts, this.only.desk);
    for (const member of this.members) {
      this.dismiss(member, this.only);
      this.seat(member);
      const { counted, up } = member;
      member.counted = false;
      this.count(member, counted, up);
      this.mend(member);
    }
  }

  private seat(member: Member): void {
    const others = member.seats.length;
    if (this.groups === undefined) member.seats.push({ list: this.only, health: true, taken: false });
    else this.groups.join(member);
    const lists = member.seats.slice(others).map(({ list }) => list);
    for (const list of lists) list.admit(member.view);
    member.desks.push(...new Set(lists.map(({ desk }) => desk)));
  }

  private apply(member: Member, verdict: Verdict, health: unknown, context: PolicyContext): boolean {
    if (health === undefined) return false;
    if (health !== 'healthy' && health !== 'unhealthy') throw new PolicyError('not-a-health', context.nowUs, 0, health);
    return this.change(member, verdict, health === 'unhealthy');
  }

  /** The picker's answer as the engine's index, if it is a possible one. */
  private checked(answer: unknown, list: EligibleList, request: RequestView): number {
    const slot = slotOf(answer);
    const { nowUs } = this.contexts.picker;
    if (slot < 0) throw new PolicyError('not-a-backend', nowUs, request.id, answer);
    const isPlain = this.groups === undefined && this.guests.length === 0;
    const offered = isPlain ? this.roster.offeredBy[slot] === 1 + this.index : list.has(slot);
    if (offered && this.roster.views[slot] === answer) return slot;
    throw new PolicyError('not-eligible', nowUs, request.id, answer);
  }
}
