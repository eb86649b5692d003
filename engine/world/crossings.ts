import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import { EVENT_KIND } from '../metrics/event-kind.ts';
import type { ClientWorld } from './client-side.ts';
import { NOBODY } from './entry.ts';
import type { InFlight } from './in-flight.ts';
import type { Recorder } from './recorder.ts';

/** A long-lived connection of a client, as the tier's nodes share its packets. */
interface Link {
  readonly address: number;
  /** The node that last had a packet of it; NOBODY before the first. */
  node: number;
  /** How often that node had started then: a machine that restarts has lost its connections. */
  life: number;
  /** On layer 4, the backend that has the other end; -1 before the first packet. */
  backend: number;
  /** A flow of UDP has no ends: nobody resets it. */
  readonly isDatagram: boolean;
}

/**
 * Connections whose packets may come to one node or another. One breaks when a packet of it comes to a node that cannot tell whose it is (layer 7, where a
 * node is an end of it), or that leads it to a backend which knows nothing of it (layer 4): the client gets a reset.
 */
export class Crossings {
  /** Connections broken so far. */
  brokenCount = 0;
  private readonly clock: Clock;
  private readonly rows: InFlight;
  private readonly recorder: Recorder;
  /** Those of the tier's nodes, by index; filled when they are made. */
  readonly balancers: Balancer[] = [];
  private readonly links = new Map<number, Link>();
  /** How often each node has started. */
  private readonly lives: number[] = [];
  /** Nodes tell each other of their connections. */
  private readonly sync: boolean;
  /** What the way from a client to an address takes beyond the network's time, one way. */
  extraUs: ((client: number, address: number) => number) | undefined;

  constructor({ clock, rows, recorder }: Pick<ClientWorld, 'clock' | 'rows' | 'recorder'>, sync: boolean) {
    this.clock = clock;
    this.rows = rows;
    this.recorder = recorder;
    this.sync = sync;
  }

  /** What the way between client and node takes beyond the network's time, one way. */
  farUs(row: number): number {
    const address = this.rows.address[row]!;
    return address < 0 ? 0 : (this.extraUs?.(this.rows.client[row]!, address) ?? 0);
  }

  open(connection: number, address: number, isDatagram: boolean): void {
    this.links.set(connection, { address, node: NOBODY, life: 0, backend: -1, isDatagram });
  }

  /** Where the connection goes; undefined: there is no such connection that lives for more than one request. */
  addressOf(connection: number): number | undefined {
    return this.links.get(connection)?.address;
  }

  /** How many connections each node had the last packet of. */
  connectionsOf(nodes: number): number[] {
    const counts = new Array<number>(nodes).fill(0);
    for (const { node } of this.links.values()) if (node !== NOBODY) counts[node]!++;
    return counts;
  }

  /** The node has lost all it knew. */
  restart(node: number): void {
    this.lives[node] = this.lifeOf(node) + 1;
  }

  /** A packet has come to the node, on this layer. Does it belong to a connection whose end was at another? */
  isStranger(row: number, node: number, layer: 4 | 7): boolean {
    const link = this.links.get(this.rows.connection[row]!);
    if (link === undefined) return false;
    const isNew = link.node === NOBODY;
    const isKnown = link.node === node && link.life === this.lifeOf(node);
    if (isNew || layer === 4) this.hold(link, node);
    return layer === 7 && !isNew && !isKnown;
  }

  /** The node leads the packet to this backend, or to none (-1). Is the other end of its connection elsewhere? */
  isElsewhere(row: number, backend: number): boolean {
    const link = this.links.get(this.rows.connection[row]!);
    if (link === undefined) return false;
    if (link.backend < 0 || link.isDatagram) {
      link.backend = backend;
      return false;
    }
    return link.backend !== backend;
  }

  /** Is the packet the first of its connection, or the only one? */
  opens(row: number): boolean {
    const link = this.links.get(this.rows.connection[row]!);
    return link === undefined || link.backend < 0 || link.isDatagram;
  }

  /** Has no packet of its connection come to any node yet? */
  isFirst(row: number): boolean {
    return (this.links.get(this.rows.connection[row]!)?.node ?? NOBODY) === NOBODY;
  }

  /** Packets of the request's connection come to this node from now on, and it knows what to do with them. */
  passOn(row: number, node: number): void {
    const link = this.links.get(this.rows.connection[row]!);
    if (link !== undefined) this.hold(link, node);
  }

  private hold(link: Link, node: number): void {
    link.node = node;
    link.life = this.lifeOf(node);
  }

  private lifeOf(node: number): number {
    return this.lives[node] ?? 0;
  }

  /** The connection of the request breaks. */
  breaks(row: number): void {
    this.brokenCount++;
    const { clock, rows, recorder } = this;
    recorder.tier(EVENT_KIND.broken, rows.id[row]!, rows.backend[row]!, rows.connection[row]!, clock.nowUs);
  }

  /** On layer 4: the node has found this backend for a connection, and tells its peers. */
  learn(row: number, node: number, backend: number): void {
    if (!this.sync) return;
    const view = this.rows.view[row]!;
    this.balancers.forEach((balancer, peer) => {
      if (peer !== node) balancer.layer4.learn(view, backend);
    });
  }

  /** Who the request's party is bound to, for the peers. */
  bind(row: number, node: number, backend: number): void {
    if (!this.sync) return;
    this.balancers.forEach((balancer, peer) => {
      if (peer !== node) balancer.cookieFor(backend, this.rows.view[row]!);
    });
  }

  /** Has the backend of this connection left its pool, and taken the connection with it? */
  isCutOff(connection: number): boolean {
    const link = this.links.get(connection);
    return link !== undefined && link.node !== NOBODY && this.balancers[link.node]!.isCutOff(connection);
  }

  /** The connection is closed, whoever did it. */
  closeConnection(connection: number): void {
    const link = this.links.get(connection);
    if (link === undefined) return;
    this.links.delete(connection);
    if (this.sync) for (const balancer of this.balancers) balancer.closeConnection(connection);
    else if (link.node !== NOBODY) this.balancers[link.node]!.closeConnection(connection);
  }

  /** The connection of the request is over. */
  ended(row: number): void {
    const node = this.rows.node[row]!;
    if (node >= 0) this.balancers[node]!.layer4.close(this.rows.view[row]!);
  }
}
