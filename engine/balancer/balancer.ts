import { setInFlight, slotOf, type BackendView } from '../core/backend.ts';
import { invariant } from '../core/invariant.ts';
import type { Policies, PoolPolicies } from '../core/policies.ts';
import type { FlowTable, HealthSignal, LoadReport, Outcome } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import type { RequestView } from '../core/request.ts';
import type { ConnectionTableSettings } from './connection-table.ts';
import type { Configured } from './configured.ts';
import { PolicyContext } from './context.ts';
import type { Clock } from './context.ts';
import type { Flows } from './flows.ts';
import { Front, LIMITED } from './front.ts';
import type { FrontSettings } from './front.ts';
import { Layer4 } from './layer4.ts';
import type { LoadKeeper } from './load-keeper.ts';
import { NO_BACKEND, Pool } from './pool.ts';
import type { PoolSettings } from './pool-settings.ts';
import { BELIEVED, beliefOf, lifecycleOf, Roster } from './roster.ts';
import type { Lifecycle, Role } from './roster.ts';
import { Stickiness } from './stickiness.ts';

export { listenerTable } from '../traffic/listeners.ts';
export { DELAYED, LIMITED, NO_LISTENER, NO_ROUTE, REPLIED } from './front.ts';

/** The first of `poolIds` takes what no route sends elsewhere. */
export interface BalancerSettings extends FrontSettings {
  /** Layer 4. Absent: it holds all connections, for as long as they are open. */
  readonly connectionTable?: ConnectionTableSettings | undefined;
  /** On layer 4 of a tier: makes what finds the backends of flows. */
  readonly makeFlows?: (() => FlowTable) | undefined;
  /** On layer 4: it is an end of each connection, and opens one of its own to the backend. */
  readonly isProxy?: boolean;
  /** Which pools have a queue, by their index. */
  readonly queues?: readonly boolean[];
  /** Who is eligible and who starts slowly, by the index of the pool. */
  readonly pools?: readonly (PoolSettings | undefined)[];
}

/**
 * One balancer: listener -> limits -> route -> affinity -> eligible pool -> pick -> count -> tell the policies how it ended. It has no timers, no queue and no network: it
 * answers when asked. Backends are known by the engine's index, which counts from 0 in the order of joining.
 */
export class Balancer {
  readonly front: Front;
  private readonly pools: Pool[] = [];
  private readonly stickiness: (Stickiness | undefined)[] = [];
  private readonly policies: Policies;
  private readonly clock: Clock;
  private readonly rng: Prng;
  private readonly roster = new Roster();
  readonly layer4: Layer4;
  /** undefined: views show its own count. */
  load: LoadKeeper | undefined;
  private readonly settings: BalancerSettings;
  /** The pool that chose a backend of another one for a request whose cookie is still to be set. */
  private readonly guestOf = new WeakMap<RequestView, number>();
  private readonly onBelief: (backend: number, belief: number) => void;
  /** Called when a response makes a backend suspect, for whoever sends the probes. */
  onSuspicion: ((backend: number) => void) | undefined;

  /** `onBelief` is called when the balancer changes its mind about a backend, with a code of BELIEVED. */
  constructor(
    settings: BalancerSettings,
    policies: Policies,
    clock: Clock,
    rng: Prng,
    onBelief: (backend: number, belief: number) => void,
  ) {
    this.onBelief = onBelief;
    this.policies = policies;
    this.clock = clock;
    this.rng = rng;
    settings.poolIds.forEach((id, index) => {
      const ofPool = policies.pools.get(id);
      invariant(
        ofPool !== undefined,
        `policies for the pool "${id}" are needed; there are some for ${[...policies.pools.keys()].join(', ')}`,
      );
      this.open(id, ofPool, settings.pools?.[index], settings.queues?.[index]);
    });
    this.settings = settings;
    const flowContext = new PolicyContext(clock, rng.fork('flows'));
    this.layer4 = new Layer4(settings.connectionTable, settings.makeFlows, clock, flowContext);
    this.front = new Front(settings, policies, clock, rng);
  }

  /** A backend joins the pool, healthy. Its index must be the next one. */
  join(pool: number, view: BackendView, role?: Role): void {
    this.pools[pool]!.join(view, role);
  }

  /** Replaces how requests find their backends, at once. A group that was there before keeps its picker, and what that has learnt. */
  configure({ groups, matches, listeners }: Configured): void {
    const { make } = this.policies;
    invariant(make !== undefined, 'the routing of a run can change only if its policies come with a maker');
    for (const { id, algorithm, sticky } of groups) {
      if (this.pools.some((pool) => pool.id === id)) continue;
      this.open(id, {
        picker: make.picker(algorithm),
        makePicker: () => make.picker(algorithm),
        ...(sticky && { affinity: make.affinity(id) }),
      });
    }
    this.pools.forEach((pool, index) => {
      const backends = groups.find(({ id }) => id === pool.id)?.backends ?? [];
      const guests = backends.filter((backend) => this.poolOf(backend) !== index);
      pool.host(
        guests.map((backend) => this.roster.members[backend]!),
        ({ backend }) => this.poolWith(backend),
      );
    });
    this.front.configure(this.poolIds, make.router(matches), listeners);
  }

  /** The probes of the pool's backends are judged by thresholds from now on. */
  judgeBy(pool: number, fall: number, rise: number): void {
    const { make } = this.policies;
    invariant(make !== undefined, 'the health checks of a run can change only if its policies come with a maker');
    this.pools[pool]!.judgeBy(make.health(fall, rise));
  }

  get poolIds(): readonly string[] {
    return this.pools.map(({ id }) => id);
  }

  /**
   * The index of the backend for a request, or a code: NO_BACKEND, NO_ROUTE, NO_LISTENER; REPLIED or LIMITED, and `reply` is the answer; DELAYED, and
   * the same call is to be made again after `waitUs`.
   *
   * Layer 7 decides for each request. Layer 4 sees connections, not what they carry: the pool of the listener takes them all, and a connection of many
   * requests (`longLived`) stays where its first one went, also when that backend turns unhealthy or drains. `opens`: it is the connection's first.
   */
  choose(request: RequestView, longLived: boolean, opens = true): number {
    if (this.layer4.flows !== undefined && this.layerOf(request) === 4)
      return this.flowTo(this.layer4.flows, request, opens);
    const pins = this.layer4.remembers(request, longLived) && this.layerOf(request) === 4;
    if (pins) {
      const pinned = this.layer4.backendOf(request, this.roster.members);
      if (pinned !== undefined) return pinned;
    }
    const pool = this.front.pass(request);
    this.lastPool = pool;
    const backend = pool < 0 ? pool : this.pickFrom(pool, request);
    if (pins && backend >= 0) this.layer4.pin(request, backend);
    return backend;
  }

  private flowTo(flows: Flows, request: RequestView, opens: boolean): number {
    const pool = this.front.pass(request);
    this.lastPool = pool;
    return pool < 0 ? pool : this.find(flows, pool, request, opens);
  }

  private find(flows: Flows, pool: number, request: RequestView, opens: boolean): number {
    return this.pools[pool]!.pick(request, (backends) => flows.find(request, opens, backends));
  }

  layerOf(request: RequestView): 4 | 7 {
    return this.front.layerOf(request);
  }

  /** A packet of a request that is with this backend comes here. Would it be led there as well? `told`: other nodes tell this one of their connections. */
  knows(request: RequestView, backend: number, told: boolean): boolean {
    if (this.settings.isProxy || this.layerOf(request) !== 4) return false;
    return this.layer4.flows === undefined
      ? told
      : this.find(this.layer4.flows, this.poolOf(backend), request, false) === backend;
  }

  /** The pool that the last request went to, if it came so far. */
  lastPool = 0;

  /**
   * The index of a backend for a request of the pool that is tried again, or has waited (then nobody is bound any more); or NO_BACKEND. Limits and routes had
   * their say before.
   */
  pickAgain(pool: number, request: RequestView, isBound: boolean): number {
    const bound = isBound ? (this.stickiness[pool]?.find(request) ?? NO_BACKEND) : NO_BACKEND;
    return bound === NO_BACKEND ? this.pools[pool]!.pick(request) : bound;
  }

  /** The request goes to this backend. Answers the cookie that its response is to set, as in Set-Cookie. */
  cookieFor(backend: number, request: RequestView): string | undefined {
    const pool = this.guestOf.get(request) ?? this.poolOf(backend);
    this.guestOf.delete(request);
    return this.stickiness[pool]?.remember(this.roster.views[backend]!, request);
  }

  /** The response of the backend sets a cookie of its own. */
  heardCookie(backend: number, request: RequestView, cookie: string): void {
    this.stickiness[this.poolOf(backend)]?.learn(this.roster.views[backend]!, request, cookie);
  }

  /** Has the backend of this connection left its pool, and taken the connection with it? */
  isCutOff(connection: number): boolean {
    const backend = this.layer4.table.find(connection);
    return backend !== undefined && this.roster.members[backend]!.removed;
  }

  /** The connection is closed, whoever did it. */
  closeConnection(connection: number): void {
    this.layer4.table.forget(connection);
  }

  /** The request is sent to the backend. Answers how many are in flight there, this one included. */
  start(backend: number, request: RequestView): number {
    const view = this.roster.views[backend]!;
    const inFlight = this.load === undefined ? view.inFlight + 1 : this.load.add(backend, 1);
    if (this.load === undefined) setInFlight(view, inFlight);
    if (this.poolWith(backend).started(backend, view, request)) this.report(backend);
    return inFlight;
  }

  /** An attempt ended. `judged` is false where that says nothing about the backend's health. */
  end(
    backend: number,
    request: RequestView,
    kind: Outcome['kind'],
    status: number,
    latencyUs: number,
    bytes: number,
    judged: boolean,
    load?: LoadReport,
  ): void {
    const view = this.roster.views[backend]!;
    if (this.load === undefined) setInFlight(view, view.inFlight - 1);
    else this.load.add(backend, -1);
    const pool = this.poolWith(backend);
    if (pool.ended(backend, view, request, kind, status, latencyUs, bytes, judged, load)) this.report(backend);
    if (judged && this.onSuspicion !== undefined && pool.suspects(view)) this.onSuspicion(backend);
  }

  /** The indices of those whom the picker wants to be asked for their load, after it sent the request to `backend`. */
  loadQuestions(backend: number, request: RequestView): readonly number[] {
    const list = this.roster.members[backend]!.seats[0]?.list;
    const asked = list?.desk.picker.probes?.(list.views, request, list.desk.context);
    return asked === undefined ? [] : asked.map(slotOf).filter((slot) => slot >= 0);
  }

  /** The backend has told its load. */
  toldLoad(backend: number, load: LoadReport): void {
    const { desks, removed, view } = this.roster.members[backend]!;
    if (!removed) for (const { picker, context } of desks) picker.onProbe?.(view, load, context);
  }

  /** A probe of the backend ended. */
  probed(backend: number, signal: HealthSignal): void {
    if (this.poolWith(backend).probed(this.roster.members[backend]!, signal)) this.report(backend);
  }

  /** A backend's agent was asked; `reply` is `undefined` if it could not be. */
  agentReplied(backend: number, reply: string | undefined): void {
    const before = this.belief(backend);
    this.poolWith(backend).agentReplied(this.roster.members[backend]!, reply);
    if (this.belief(backend) !== before) this.report(backend);
  }

  /** The intervals after which policies want to be swept, each once. */
  get sweepIntervals(): readonly number[] {
    return [...new Set(this.pools.flatMap((pool) => pool.sweepIntervals))];
  }

  /** Asks the policies that compare backends with this interval. */
  sweep(everyUs: number): void {
    for (const pool of this.pools) for (const { backend } of pool.sweep(everyUs)) this.report(backend);
  }

  /** 0: no new clients, like draining; who is bound to it still comes. */
  setWeight(backend: number, weight: number): void {
    this.poolWith(backend).setWeight(this.roster.members[backend]!, weight);
  }

  setMaxConnections(backend: number, maxConnections: number): void {
    this.poolWith(backend).setMaxConnections(this.roster.members[backend]!, maxConnections);
  }

  /** Taken out by hand, the backend gets no requests at all: also those bound to it go elsewhere. Those in flight finish. */
  setDisabled(backend: number, disabled: boolean): void {
    this.set(backend, 'disabled', disabled);
  }

  /** A draining backend gets no new requests; those in flight finish. */
  setDraining(backend: number, draining: boolean): void {
    this.set(backend, 'draining', draining);
  }

  /** The backend leaves its pool for good; what is in flight there may finish. */
  remove(backend: number): void {
    if (this.hasLeft(backend)) return;
    this.poolWith(backend).remove(this.roster.members[backend]!);
    this.report(backend);
  }

  /** When the slow start began that the backend is in; undefined: it is in none. */
  rampSinceUs(backend: number): number | undefined {
    return this.roster.members[backend]!.rampSinceUs;
  }

  /** Gives a backend in slow start the part that is its by now. Answers when to do so again; undefined: no more. */
  ramp(backend: number): number | undefined {
    return this.poolWith(backend).ramp(this.roster.members[backend]!);
  }

  /** What is believed of a backend: a code of BELIEVED. */
  belief(backend: number): number {
    return beliefOf(this.roster.members[backend]!);
  }

  lifecycle(backend: number): Lifecycle {
    return lifecycleOf(this.roster.members[backend]!);
  }

  inFlight(backend: number): number {
    return this.load?.count(backend) ?? this.roster.views[backend]!.inFlight;
  }

  /** What pickers see of the backend's load from now on. */
  showLoad(backend: number, inFlight: number): void {
    setInFlight(this.roster.views[backend]!, inFlight);
    for (const { list } of this.roster.members[backend]!.seats) list.reweighed();
  }

  /** Do its health checks say that it is out? */
  failsChecks(backend: number): boolean {
    return this.roster.members[backend]!.failsChecks;
  }

  /** Was a request sent to any backend of its pool? */
  hasHadRequests(backend: number): boolean {
    return this.poolWith(backend).hadRequests;
  }

  /** Was it removed? */
  hasLeft(backend: number): boolean {
    return this.roster.members[backend]!.removed;
  }

  viewOf(backend: number): BackendView {
    return this.roster.views[backend]!;
  }

  /** Has it as many requests in flight as it may? */
  isFull(backend: number): boolean {
    return this.roster.views[backend]!.full;
  }

  isEligible(backend: number): boolean {
    return beliefOf(this.roster.members[backend]!) === BELIEVED.healthy;
  }

  /** Would any backend of the pool be picked if it had room? */
  hasEligible(pool: number): boolean {
    return this.roster.members.some(({ backend }) => this.roster.pool[backend] === pool && this.isEligible(backend));
  }

  /** Index of the pool the backend joined. */
  poolOf(backend: number): number {
    return this.roster.pool[backend]!;
  }

  private poolWith(backend: number): Pool {
    return this.pools[this.roster.pool[backend]!]!;
  }

  private open(id: string, policies: PoolPolicies, settings?: PoolSettings, waits = false): void {
    const stream = this.rng.fork(`pool:${id}`);
    const context = (purpose: string) => new PolicyContext(this.clock, stream.fork(purpose));
    const contexts = {
      picker: context('picker'),
      health: context('health'),
      outlier: context('outlier'),
      agent: context('agent'),
      breaker: context('breaker'),
      of: context,
    };
    const pool = new Pool(id, this.pools.length, policies, contexts, this.roster, settings);
    const { affinity } = policies;
    this.pools.push(pool);
    this.stickiness.push(affinity && new Stickiness(affinity, pool, this.roster, context('affinity'), waits));
  }

  private pickFrom(pool: number, request: RequestView): number {
    const bound = this.stickiness[pool]?.find(request) ?? NO_BACKEND;
    const backend = bound === NO_BACKEND ? this.pools[pool]!.pick(request) : bound;
    if (backend >= 0 && this.poolOf(backend) !== pool) this.guestOf.set(request, pool);
    if (backend === NO_BACKEND || this.front.allows(pool, this.roster.views[backend]!, request)) return backend;
    return LIMITED;
  }

  private set(backend: number, what: 'draining' | 'disabled', to: boolean): void {
    const member = this.roster.members[backend]!;
    if (member[what] === to) return;
    this.poolWith(backend).change(member, what, to);
    this.report(backend);
  }

  private report(backend: number): void {
    this.onBelief(backend, this.belief(backend));
  }
}
