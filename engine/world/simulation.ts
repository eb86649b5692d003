import { Clock } from '../balancer/context.ts';
import type { Policies } from '../core/policies.ts';
import { Prng } from '../core/prng.ts';
import type { Histogram } from '../metrics/histogram.ts';
import type { Observer } from '../metrics/observer.ts';
import type { RequestLog } from '../metrics/request-log.ts';
import type { Trace } from '../metrics/trace.ts';
import { startAutoscalers } from './autoscaling/autoscalers.ts';
import { Alarms } from './alarms.ts';
import { backendState } from './backend-state.ts';
import type { BackendState } from './backend-state.ts';
import { balancerStates } from './balancer-state.ts';
import type { BalancerState } from './balancer-state.ts';
import { carryOut } from './carry-out.ts';
import { Calls } from './calls.ts';
import { carryOutTier, isTierStep } from './carry-out-tier.ts';
import { ClientSide } from './client-side.ts';
import { catalogue, Client } from './clients.ts';
import { Crossings } from './crossings.ts';
import { Departures } from './departures.ts';
import type { Send } from './departures.ts';
import { Drains } from './drains.ts';
import { EventQueue } from './event-queue.ts';
import { Handshakes } from './handshakes.ts';
import { InFlight } from './in-flight.ts';
import { LoadProbes } from './load-probes.ts';
import { Machines } from './machines.ts';
import type { Look } from './look.ts';
import { line } from './network.ts';
import { nodesFor, tierFor } from './make-tier.ts';
import type { BalancerNode } from './node.ts';
import { PLAN } from './plan.ts';
import { Probes } from './probes.ts';
import { subjectOfRamp } from './ramps.ts';
import { Recorder, type Keeps } from './recorder.ts';
import type { RequestPath } from './request-path.ts';
import type { SharedWorld } from './request-world.ts';
import type { Action, Scenario } from './scenario.ts';
import type { BackendSpec } from './servers.ts';
import { Service } from './service.ts';
import { Streams } from './streams.ts';
import type { Tier } from './tier.ts';
import { checkAction, CONFIGURES, targetOf, Timetable } from './timetable.ts';
import { Wires } from './wires.ts';

export interface SimulationOptions extends Partial<Keeps> {
  /** Instead of the scenario's. */
  readonly seed?: number | undefined;
  /** Is told of each request as it goes along; it costs no memory. */
  readonly observer?: Observer | undefined;
}

/**
 * One run of a scenario under some policies. Same scenario, seed, policies and timeline: same run, to the last bit of its digest, however
 * the run is cut into pieces.
 *
 * Within one microsecond, what was planned happens in the order of planning, then requests leave their clients, then the timeline acts.
 *
 * What a policy throws, or a PolicyError about what it answered, passes through the call that ran it. The run can still be looked at, but
 * not continued.
 */
export class Simulation {
  readonly scenario: Scenario;
  readonly seed: number;
  private readonly clock = new Clock();
  private readonly agenda = new EventQueue();
  private readonly departures: Departures;
  private readonly send: Send;
  private readonly rows = new InFlight();
  private readonly clients: readonly Client[];
  private readonly machines: Machines;
  private readonly ids: string[] = [];
  private readonly alarms: Alarms;
  private readonly nodes: readonly BalancerNode[];
  /** undefined: there is one balancer. */
  private readonly tier: Tier | undefined;
  private readonly shared: SharedWorld;
  private readonly probes: Probes;
  private readonly wires: Wires;
  private readonly recorder: Recorder;
  private readonly timetable: Timetable;
  /** What the users of clients that wait, try again or log in wanted, and got; its log is empty when the run keeps none. */
  readonly calls: Calls;
  /** Connections that clients opened and paid for, counted. */
  readonly handshakes: Handshakes;
  private controlIsLost = false;
  private readonly drains: Drains;
  private readonly sweepIntervals: readonly number[];

  constructor(scenario: Scenario, policies: Policies, options: SimulationOptions = {}) {
    this.scenario = scenario;
    this.seed = options.seed ?? scenario.seed;
    const { clock, agenda } = this;
    // One stream per purpose: another draw for one of them moves nothing elsewhere.
    const rng = new Prng(this.seed);

    const { kinds, firstKinds, classes } = catalogue(scenario.clients);
    this.machines = new Machines(scenario, classes, clock, agenda, rng);
    this.clients = scenario.clients.map(
      (spec, index) => new Client(spec, firstKinds[index]!, kinds, rng.fork(`client:${spec.id}`)),
    );
    const names = { clients: scenario.clients.map(({ id }) => id), classes, backends: this.ids };
    this.recorder = new Recorder(names, options, scenario.tier !== undefined, options.observer);
    this.alarms = new Alarms(clock, agenda);
    const retries = scenario.clients.map(({ id }) => policies.clients?.get(id));
    this.calls = new Calls(clock, this.clients, retries, scenario.balancer.layer === 4, this.recorder.logging, rng);
    const opening = line(scenario.network.clientToBalancer, rng.fork('handshakes'));
    this.handshakes = new Handshakes(scenario, kinds, opening, rng.fork('resumptions'));
    this.wires = new Wires(scenario.network.links, clock, agenda, rng);
    this.shared = this.share(kinds, policies, rng);
    this.probes = new Probes(clock, agenda, this.machines, this.shared.service, this.wires, this.recorder);
    this.nodes = nodesFor({ scenario, shared: this.shared, probes: this.probes }, policies, rng);
    this.drains = new Drains(clock, agenda, this.nodes, this.recorder);

    scenario.pools.forEach(({ backends }, pool) => {
      for (const backend of backends) this.join(pool, backend);
    });
    this.tier = tierFor(scenario, { nodes: this.nodes, shared: this.shared, policies, alarms: this.alarms, rng });
    const { tier, first, alarms, nodes, drains } = this;
    startAutoscalers(scenario, policies, { ...this.shared, alarms, nodes, drains, join: this.join.bind(this) });
    this.timetable = new Timetable(scenario);
    this.departures = new Departures(clock, this.clients, this.calls);
    this.send = (client, call) => {
      if (tier === undefined) first.path.depart(client, call);
      else tier.depart(client, call);
    };
    this.sweepIntervals = [...new Set(this.nodes.flatMap(({ balancer }) => balancer.sweepIntervals))];
    for (const [index, everyUs] of this.sweepIntervals.entries()) agenda.push(everyUs, PLAN.sweep, index, 0);
  }

  /** What all nodes meet alike. */
  private share(kinds: SharedWorld['kinds'], policies: Policies, rng: Prng): SharedWorld {
    const { scenario, clock, agenda, rows, clients, calls, recorder } = this;
    const { servers, parts } = this.machines;
    const ofPools = [...policies.pools.values()];
    const asks = ofPools.some(({ picker }) => picker.probes !== undefined);
    servers.metersLoad = asks || scenario.pools.some((pool) => pool.loadReports);
    const { handshakes } = this;
    const streams = new Streams(scenario, clock, agenda, rows, rng);
    const hasSessions = clients.some(({ sessionCookie }) => sessionCookie !== undefined);
    const setsCookies = hasSessions || ofPools.some(({ affinity }) => affinity !== undefined);
    const reached = { clock, agenda, rows, clients, calls, handshakes, streams, kinds };
    const world = { ...reached, servers, parts, recorder, setsCookies };
    return {
      ...world,
      wires: this.wires,
      toBalancer: this.wires.meet(line(scenario.network.clientToBalancer, rng.fork('client-to-balancer'))),
      clientSide: new ClientSide(world),
      crossings: scenario.tier && new Crossings(world, scenario.tier.sync),
      service: new Service(world, rows, (row, reply) => {
        if (rows.node[row]! < 0) this.tier!.reply(row, reply);
        else this.pathOf(row).reply(row, reply);
      }),
      layer: scenario.balancer.layer,
      balancerTimeoutUs: scenario.balancer.timeoutUs ?? Infinity,
      isDirect: scenario.balancer.mode === 'dsr',
      loadProbes: asks ? new LoadProbes(clock, agenda, servers) : undefined,
      lastPick: { request: 0, backend: -1 },
    };
  }

  /** The node that has the request of the row. */
  private pathOf(row: number): RequestPath {
    const node = this.rows.node[row]!;
    this.recorder.node = node;
    return this.nodes[node]!.path;
  }

  get nowUs(): number {
    return this.clock.nowUs;
  }

  get ended(): boolean {
    return this.clock.nowUs >= this.scenario.durationUs;
  }

  /** Lets everything happen up to and including this time, and no later than the scenario's end. */
  runUntil(untilUs: number): void {
    const limitUs = Math.min(untilUs, this.scenario.durationUs);
    while (this.happenNext(limitUs));
    if (limitUs > this.clock.nowUs) this.clock.nowUs = limitUs;
  }

  runToEnd(): void {
    this.runUntil(this.scenario.durationUs);
  }

  /**
   * Goes to just after the next event that leaves something in the trace (all it leaves: what follows at once is one step). False, and time
   * at the scenario's end, when there is none. Needs the trace.
   */
  step(): boolean {
    const { trace } = this.recorder;
    const before = trace.length;
    while (trace.length === before) {
      if (this.happenNext(this.scenario.durationUs)) continue;
      this.runToEnd();
      return false;
    }
    return true;
  }

  /**
   * Does something to the world now (the action's own time does not count). It joins the timeline, so that the run stays replayable.
   * Throws a RangeError, and does nothing, for a backend, pool or client that is not there.
   */
  apply(action: Action): void {
    checkAction(action, this.ids, this.first.balancer.poolIds, this.scenario);
    this.runUntil(this.clock.nowUs);
    this.timetable.insertNext({ ...action, atUs: this.clock.nowUs });
    this.act();
  }

  /** Takes over trace and log, up to now, from the same run where it has gone further. For one that keeps its own only from here on. */
  catchUp(other: Simulation): void {
    this.recorder.catchUp(other.recorder, this.clock.nowUs);
  }

  /** The scenario's actions and those applied, in the order of time. */
  get timeline(): readonly Action[] {
    return this.timetable.actions;
  }

  /** Empty when the run keeps no trace. */
  get trace(): Trace {
    return this.recorder.trace;
  }

  /** Empty when the run keeps no log. */
  get log(): RequestLog {
    return this.recorder.log;
  }

  /** Latencies of all served requests as their clients saw them. */
  get latencies(): Histogram {
    return this.recorder.latencies;
  }

  /** Requests so far: arrived at the balancer, and of those answered well, or not. */
  get counts(): { readonly arrived: number; readonly served: number; readonly failed: number } {
    return {
      arrived: this.recorder.arrivedCount,
      served: this.recorder.servedCount,
      failed: this.recorder.failedCount,
    };
  }

  /** Bytes of requests and of responses that have passed the balancer. */
  get bytes(): { readonly in: number; readonly out: number } {
    return { in: this.recorder.bytesIn, out: this.recorder.bytesOut };
  }

  /** The last decision: request (0: none yet), and the index of its backend (-1: none was found). */
  get lastPick(): { readonly request: number; readonly backend: number } {
    return { ...this.shared.lastPick };
  }

  /** 16 hexadecimal digits that name everything that has happened so far. */
  digest(): string {
    return this.recorder.trace.digest();
  }

  /** In the order of the scenario, then of joining; removed ones keep their place. */
  backends(): BackendState[] {
    const { balancer, views } = this.first;
    const pools = balancer.poolIds;
    return views.map((view, index) => {
      const inFlight = this.nodes.reduce((sum, node) => sum + node.balancer.inFlight(index), 0);
      return { ...backendState(view, index, balancer, this.machines.servers, pools), inFlight };
    });
  }

  /** The nodes of a tier, in the order of the scenario; empty where there is none. */
  balancers(): BalancerState[] {
    return this.tier === undefined ? [] : balancerStates(this.tier);
  }

  /** Connections that broke because their packets came to another node, or to another backend. */
  get brokenConnections(): number {
    return this.shared.crossings?.brokenCount ?? 0;
  }

  /** What a frame is drawn from. To be read at once and not to be kept. */
  look(): Look {
    const { machines, nodes, tier } = this;
    const { path, views, balancer } = this.first;
    return { path, servers: machines.servers, views, balancer, nodes, tier };
  }

  private get first(): BalancerNode {
    return this.nodes[0]!;
  }

  /** Lets the next thing happen, if that is no later than `limitUs`. */
  private happenNext(limitUs: number): boolean {
    const plannedUs = this.agenda.nextUs;
    const departureUs = this.departures.nextUs;
    const actionUs = this.timetable.nextUs;
    const nextUs = Math.min(plannedUs, departureUs, actionUs);
    if (nextUs > limitUs) return false;
    this.clock.nowUs = nextUs;
    if (nextUs === plannedUs) this.follow();
    else if (nextUs === departureUs) this.departures.next(this.send);
    else this.act();
    return true;
  }

  /** Does what was planned for now. */
  private follow(): void {
    const { agenda, rows, probes } = this;
    const kind = agenda.nextKind;
    const subject = agenda.nextSubject;
    const stamp = agenda.nextStamp;
    agenda.pop();
    if (kind <= PLAN.lastOfRequests) {
      if (rows.generation[subject] !== stamp) return;
      if (rows.node[subject]! < 0) this.tier!.follow(kind, subject);
      else this.pathOf(subject).follow(kind, subject);
      return;
    }
    switch (kind) {
      case PLAN.probeSend:
        probes.send(subject, stamp);
        break;
      case PLAN.probeReachBackend:
        probes.reachBackend(subject);
        break;
      case PLAN.probeReachBalancer:
        probes.reachBalancer(subject);
        break;
      case PLAN.probeTimeout:
        probes.timeout(subject);
        break;
      case PLAN.drainTimeout:
        this.drains.timeout(subject, stamp);
        break;
      case PLAN.ramp: {
        const { node, backend } = subjectOfRamp(subject);
        this.nodes[node]!.ramps.follow(backend, stamp);
        break;
      }
      case PLAN.alarm:
        this.alarms.ring(subject, stamp);
        break;
      case PLAN.loadReachBackend:
        this.shared.loadProbes!.reachBackend(subject);
        break;
      case PLAN.loadReachBalancer:
        this.shared.loadProbes!.reachBalancer(subject);
        break;
      case PLAN.sweep: {
        const everyUs = this.sweepIntervals[subject]!;
        agenda.push(this.clock.nowUs + everyUs, PLAN.sweep, subject, 0);
        for (const node of this.nodes) node.sweep(everyUs);
        break;
      }
      case PLAN.sendAgain:
        this.wires.sendAgain(subject);
        break;
      default:
        this.machines.follow(kind, subject, stamp, this.shared.service);
    }
  }

  /** Answers the index of the new backend. */
  private join(pool: number, spec: BackendSpec): number {
    this.ids.push(spec.id);
    this.machines.join(pool, spec, this.shared.service);
    for (const node of this.nodes) node.join(pool, spec);
    return this.ids.length - 1;
  }

  /** Carries out the next action of the timeline. */
  private act(): void {
    const { step: action, index, order } = this.timetable.take();
    const backend = targetOf(action);
    const target = backend === undefined ? -1 : this.ids.indexOf(backend);
    if (order === 0) this.recorder.action(target, index, this.clock.nowUs);
    // While the control plane is lost orders are lost, and a backend that would have joined is not there later on either.
    if ((this.controlIsLost && CONFIGURES.has(action.do)) || (backend !== undefined && target < 0)) return;
    if (isTierStep(action)) carryOutTier(action, this.tier!);
    else if (action.do === 'add-backend') this.join(this.first.balancer.poolIds.indexOf(action.pool), action.backend);
    else if (action.do === 'set-rate') this.departures.setRate(this.clientIndex(action.client), action.rateRps);
    else if (action.do === 'scale-rate') this.departures.scaleRate(this.clientIndex(action.client), action.factor);
    else if (action.do === 'control-plane') {
      this.controlIsLost = !action.isUp;
      this.probes.isFrozen = action.isFrozen;
    } else if (action.do === 'configure') for (const node of this.nodes) node.configure(action.routing, this.ids);
    else {
      const { nodes, shared, machines, drains } = this;
      carryOut(action, target, { nodes, shared, machines, drains });
    }
  }

  private clientIndex(id: string): number {
    return this.scenario.clients.findIndex((client) => client.id === id);
  }
}
