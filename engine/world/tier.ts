import { flowInto } from '../core/request.ts';
import type { Policies } from '../core/policies.ts';
import type { Flow } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { Alarms } from './alarms.ts';
import type { Call } from './call.ts';
import { Capacity } from './capacity.ts';
import type { Crossings } from './crossings.ts';
import { entryFor } from './entries.ts';
import { NOBODY } from './entry.ts';
import type { Entry, FrontState } from './entry.ts';
import { LEG } from './frame.ts';
import { OPEN } from './in-flight.ts';
import type { BalancerNode } from './node.ts';
import { NodeStates } from './node-states.ts';
import { PLAN } from './plan.ts';
import type { SharedWorld } from './request-world.ts';
import type { Scenario } from './scenario.ts';
import type { NodeSpec, TierSpec } from './scenario-tier.ts';
import { frontsOf } from './tier-nodes.ts';
import { Unanswered } from './unanswered.ts';

/** In the column of nodes, for a request that has come and that no node has: nobody answered it, or its node died. On the way it is NOBODY's. */
const MISSED = -2;
const ORPHAN = -3;

export interface TierParts {
  readonly spec: TierSpec;
  readonly specs: readonly NodeSpec[];
  readonly clients: Scenario['clients'];
  readonly nodes: readonly BalancerNode[];
  readonly shared: SharedWorld;
  readonly crossings: Crossings;
  readonly policies: Policies;
  readonly alarms: Alarms;
  readonly rng: Prng;
}

/**
 * Several balancers as one: requests find a node through the entry, packets of one connection may come to different nodes, and nodes fail. Whatever request
 * no node has is here: one on its way, one that nobody answers, one that waits for a node that has died.
 */
export class Tier {
  readonly states: NodeStates;
  readonly specs: readonly NodeSpec[];
  readonly nodes: readonly BalancerNode[];
  /** Requests that each node has taken so far. */
  readonly taken: number[];
  /** The ids of layer 4 nodes in front of it. */
  readonly fronts: readonly string[];
  private readonly shared: SharedWorld;
  private readonly crossings: Crossings;
  private readonly entry: Entry;
  private readonly capacities: readonly (Capacity | undefined)[];
  private readonly unanswered: Unanswered;
  private readonly sync: boolean;
  private readonly flow = {
    sourceAddress: 0,
    sourcePort: 0,
    destinationAddress: 0,
    destinationPort: 0,
    protocol: 0,
  };

  constructor({ spec, specs, clients, nodes, shared, crossings, policies, alarms, rng }: TierParts) {
    const { clock, recorder } = shared;
    this.specs = specs;
    this.nodes = nodes;
    this.taken = nodes.map(() => 0);
    this.fronts = spec.reach.kind === 'layer-4' ? frontsOf(spec.reach) : [];
    this.shared = shared;
    this.crossings = crossings;
    this.sync = spec.sync;
    this.states = new NodeStates(specs.map(({ spare }) => spare));
    nodes.forEach(({ watcher }, node) => (watcher.isUp = this.states.isUp(node)));
    this.capacities = specs.map(({ capacityRps }) =>
      capacityRps === undefined ? undefined : new Capacity(capacityRps),
    );
    this.unanswered = new Unanswered(spec.unansweredUs, clock, alarms, shared.rows, (row) => {
      if (shared.rows.node[row] === MISSED) this.lose(row, FAILURE.unreachable);
    });
    this.entry = entryFor({
      reach: spec.reach,
      specs,
      states: this.states,
      clients,
      distances: spec.distances,
      policies: policies.tier,
      clock,
      alarms,
      rng: rng.fork('entry'),
      rerouted: () => {
        this.reroute();
      },
      report: (kind, node, value) => {
        recorder.node = node;
        recorder.tier(kind, 0, -1, value, clock.nowUs);
      },
    });
    crossings.extraUs = this.entry.extraUs?.bind(this.entry);
  }

  /** The node that packets to the one address come to; -1: none does, or there is none. */
  get holder(): number {
    return this.entry.holder?.() ?? NOBODY;
  }

  /** A request leaves its client. */
  depart(client: number, call: Call | undefined): void {
    const { rows, clients, clock, clientSide, toBalancer, agenda } = this.shared;
    const { nowUs } = clock;
    const row = clientSide.take(client, call);
    rows.node[row] = NOBODY;
    rows.held[row] = 0;
    const opensUs = clientSide.openUs(row);
    if (rows.connection[row] === 0) clientSide.assign(row);
    const connection = rows.connection[row]!;
    const known = this.crossings.addressOf(connection);
    const address = known ?? this.entry.addressFor(client, rows.user[row]!);
    if (clients[client]!.longLived && known === undefined) this.crossings.open(connection, address, this.isUdp(row));
    rows.address[row] = address;
    const farUs = this.crossings.farUs(row);
    if (toBalancer.isInstant && farUs + opensUs === 0) this.arrive(row);
    else {
      const lastsUs = opensUs + toBalancer.there() + farUs;
      rows.begin(row, LEG.clientToBalancer, nowUs, lastsUs);
      agenda.push(nowUs + lastsUs, PLAN.reachBalancer, row, rows.generation[row]!);
    }
  }

  /** The request comes to where its address leads. */
  private arrive(row: number): void {
    const { rows, recorder, clock } = this.shared;
    const node = this.wayOf(row);
    recorder.node = node;
    if (node === NOBODY || !this.states.isReachable(node)) this.miss(row);
    else if (!this.states.serves(node)) this.refuse(row);
    else if (this.capacities[node]?.exceeds(clock.nowUs)) this.turnAway(row, FAILURE.overloaded);
    else if (this.shared.clientSide.isLetIn(row, node)) {
      rows.node[row] = node;
      this.taken[node]!++;
      this.nodes[node]!.path.receive(row);
    }
  }

  /** The node that has the request, or that it will come to as things are; NOBODY: none, or that is not known yet. */
  nodeOf(row: number): number {
    const node = this.shared.rows.node[row]!;
    if (node === NOBODY) return this.entry.remembers === true ? NOBODY : this.wayOf(row);
    return Math.max(NOBODY, node);
  }

  /** The layer 4 node that packets of the request come to; NOBODY: there is none. */
  frontOf(row: number): number {
    if (this.entry.frontOf === undefined) return NOBODY;
    return this.entry.frontOf(this.flowOf(row));
  }

  /** How the layer 4 nodes in front of it are. */
  get frontStates(): readonly FrontState[] {
    return this.entry.fronts?.() ?? [];
  }

  /** Long-lived connections of clients, by the node that has their packets. */
  get connections(): readonly number[] {
    return this.crossings.connectionsOf(this.nodes.length);
  }

  /** The node to which packets of the request are led now. */
  private wayOf(row: number): number {
    const { rows } = this.shared;
    const address = rows.address[row]!;
    if (address === NOBODY) return NOBODY;
    const opens = rows.node[row] === NOBODY && this.crossings.isFirst(row);
    return this.entry.nodeFor(address, this.flowOf(row), rows.client[row]!, opens);
  }

  /** What the packets of the request bear. To be read at once. */
  private flowOf(row: number): Flow {
    const { rows, kinds, clients } = this.shared;
    const user = clients[rows.client[row]!]!.addressOf(rows.user[row]!);
    flowInto(this.flow, kinds[rows.kind[row]!]!, user, rows.connection[row]!);
    return this.flow;
  }

  private miss(row: number): void {
    this.shared.recorder.node = NOBODY;
    this.shared.clientSide.register(row);
    this.shared.rows.node[row] = MISSED;
    this.unanswered.add(row);
  }

  /** Its machine says no, which a sender of datagrams does not hear. */
  private refuse(row: number): void {
    if (this.isUdp(row)) this.shared.clientSide.missAtDeadline(row);
    else this.turnAway(row, FAILURE.refused);
  }

  private turnAway(row: number, failure: number): void {
    const { clientSide } = this.shared;
    clientSide.register(row);
    clientSide.close(row);
    clientSide.fail(row, failure);
  }

  /** What was planned for a row that no node has is due. */
  follow(kind: number, row: number): void {
    const { service } = this.shared;
    this.shared.recorder.node = NOBODY;
    if (kind === PLAN.reachBalancer) this.arrive(row);
    else if (kind === PLAN.reachBackend) service.reachBackend(row);
    else if (kind === PLAN.workDone) service.workDone(row);
    else if (kind === PLAN.replyReachBalancer) this.reply(row, this.shared.rows.reply[row]!);
    else if (kind === PLAN.clientTimeout) this.lose(row, FAILURE.abandoned);
    else if (kind === PLAN.missed) this.shared.clientSide.miss(row);
  }

  /** A backend answers a request whose node has died. The answer is sent again and again until a node knows what to do with it, or nobody waits for it. */
  reply(row: number, reply: number): void {
    const { rows } = this.shared;
    if ((rows.open[row]! & OPEN.client) === 0 || this.isUdp(row)) rows.close(row, OPEN.beyond);
    else {
      rows.reply[row] = reply;
      rows.held[row] = 1;
    }
  }

  /** The client of a request that no node has gives up, or gets a reset. */
  private lose(row: number, failure: number): void {
    const { rows, clientSide } = this.shared;
    if ((rows.open[row]! & OPEN.client) === 0) return;
    if (failure === FAILURE.reset) this.crossings.breaks(row);
    const isHeld = rows.held[row] === 1;
    rows.held[row] = 0;
    clientSide.close(row);
    clientSide.fail(row, failure);
    if (isHeld) rows.close(row, OPEN.beyond);
  }

  /** Packets may be led elsewhere from now on: looks at all requests that are under way. */
  private reroute(): void {
    const { rows } = this.shared;
    for (let row = 0; row < rows.used; row++) {
      const at = rows.node[row]!;
      if ((rows.open[row]! & OPEN.client) === 0 || at === NOBODY || at === MISSED) continue;
      // An answer of UDP comes back through the node that sent it on.
      if (this.isUdp(row)) continue;
      const to = this.wayOf(row);
      if (to !== at && to !== NOBODY && this.states.isReachable(to)) this.lead(row, at, to);
    }
  }

  /** Packets of the request come to another node. */
  private lead(row: number, at: number, to: number): void {
    const { rows, recorder } = this.shared;
    const canGoOn = this.states.serves(to) && this.knows(to, row);
    if (at >= 0) {
      recorder.node = at;
      if (canGoOn) this.nodes[at]!.path.release(row);
    }
    if (canGoOn) {
      recorder.node = to;
      rows.node[row] = to;
      this.crossings.passOn(row, to);
      this.nodes[to]!.path.handover!.adopt(row);
    } else if (at >= 0) this.nodes[at]!.path.handover!.breaks(row);
    else {
      recorder.node = to;
      this.lose(row, FAILURE.reset);
    }
  }

  /** On layer 4, would the node lead a request that is with its backend to the same backend? */
  private knows(node: number, row: number): boolean {
    const { rows } = this.shared;
    if ((rows.open[row]! & OPEN.beyond) === 0 || rows.errand[row] !== undefined) return false;
    return this.nodes[node]!.balancer.knows(rows.view[row]!, rows.backend[row]!, this.sync);
  }

  /** The machine dies. */
  kill(node: number): void {
    this.states.setMachine(node, false);
    this.nodes[node]!.watcher.isUp = false;
    this.orphan(node);
    this.forget(node);
    this.entry.changed?.(node);
  }

  private forget(node: number): void {
    this.crossings.restart(node);
    this.shared.clientSide.gate?.restart(node);
    this.nodes[node]!.balancer.layer4.restart();
  }

  /** Its software dies, the machine lives: its ends of all connections are closed, and new ones refused. */
  crashProxy(node: number): void {
    this.states.setProxy(node, false);
    this.nodes[node]!.watcher.isUp = false;
    const { rows, recorder } = this.shared;
    recorder.node = node;
    for (const row of this.rowsOf(node))
      if ((rows.open[row]! & OPEN.client) === 0) continue;
      else if (this.isUdp(row)) this.leave(row, node);
      else this.nodes[node]!.path.handover!.breaks(row);
    this.forget(node);
    this.entry.changed?.(node);
  }

  /** Its election daemon dies, and all else goes on. */
  crashElection(node: number): void {
    this.states.setDaemon(node, false);
    this.entry.changed?.(node);
  }

  /** It leaves the tier in good order; requests that it has stay with it as long as their packets come. */
  stop(node: number): void {
    this.states.setInService(node, false);
    this.entry.changed?.(node);
  }

  /** It gets no new connections. */
  empty(node: number): void {
    this.states.setDraining(node, true);
    this.entry.changed?.(node);
  }

  /** It comes, or comes back, and works. */
  start(node: number): void {
    this.states.setDraining(node, false);
    this.states.setMachine(node, true);
    this.states.setProxy(node, true);
    this.states.setDaemon(node, true);
    this.states.setInService(node, true);
    this.nodes[node]!.watcher.isUp = true;
    this.entry.changed?.(node);
  }

  /** Something happens to a layer 4 node in front of the tier. */
  front(at: number, does: 'kill' | 'stop' | 'start'): void {
    this.entry.front?.(at, does);
  }

  /** Nobody is to be sent to the region any more, or again. */
  drain(region: string, does: boolean): void {
    this.entry.drain?.(region, does);
  }

  route(region: string, isAnnounced: boolean): void {
    this.entry.route?.(region, isAnnounced);
  }

  /** `other` undefined: the node is cut off from everybody. */
  setLink(node: number, other: number | undefined, works: boolean): void {
    this.states.setLink(node, other, works);
    this.entry.changed?.(node);
    if (other !== undefined) this.entry.changed?.(other);
  }

  /** Requests whose node has just died wait for nothing: whoever waits in it first, so that none of them is sent on. */
  private orphan(node: number): void {
    const { rows, recorder, isDirect } = this.shared;
    recorder.node = node;
    const mine = this.rowsOf(node);
    for (const beyond of [0, OPEN.beyond]) {
      for (const row of mine) {
        const open = rows.open[row]!;
        if ((open & OPEN.client) === 0 || (open & OPEN.beyond) !== beyond || rows.node[row] !== node) continue;
        const isAnswered = rows.leg[row] === 1 + LEG.balancerToClient;
        if (isAnswered || (isDirect && beyond !== 0)) continue;
        this.leave(row, node);
      }
    }
  }

  /** The request has lost its node. */
  private leave(row: number, node: number): void {
    const { rows } = this.shared;
    this.nodes[node]!.path.release(row);
    rows.node[row] = ORPHAN;
    rows.held[row] = 0;
  }

  /** Nobody resets a datagram, and nobody refuses one. */
  private isUdp(row: number): boolean {
    const { rows, clients } = this.shared;
    return clients[rows.client[row]!]!.isUdp;
  }

  private rowsOf(node: number): number[] {
    const { rows } = this.shared;
    const mine: number[] = [];
    for (let row = 0; row < rows.used; row++) if (rows.open[row] !== 0 && rows.node[row] === node) mine.push(row);
    return mine;
  }
}
