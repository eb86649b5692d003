import type { Balancer } from '../balancer/balancer.ts';
import { NO_BACKEND } from '../balancer/pool.ts';
import type { RequestView } from '../core/request.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { ClientSide } from './client-side.ts';
import type { Crossings } from './crossings.ts';
import { OPEN } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import type { RequestWorld } from './request-world.ts';

/** The part of the request path that packets are turned away with. */
interface Path {
  answer(row: number, answer: number): void;
  take(row: number, reply: number): void;
  release(row: number): void;
}

/** One node's part in the connections that cross a tier: which packets it resets, and which requests it takes over from another node. */
export class Handover {
  private readonly path: Path;
  private readonly node: number;
  private readonly balancer: Balancer;
  private readonly rows: InFlight;
  private readonly clientSide: ClientSide;
  private readonly crossings: Crossings;

  constructor(path: Path, { node, balancer, rows, clientSide }: RequestWorld, crossings: Crossings) {
    this.path = path;
    this.node = node;
    this.balancer = balancer;
    this.rows = rows;
    this.clientSide = clientSide;
    this.crossings = crossings;
  }

  /** What the way between client and node takes beyond the network's time, one way. */
  farUs(row: number): number {
    return this.crossings.farUs(row);
  }

  /** Does the request come in the first packet of its connection? */
  opens(row: number): boolean {
    return this.crossings.opens(row);
  }

  /** Layer 7: a packet of a connection that ends at another node is answered with a reset. Answers whether it was. */
  isRefused(row: number, view: RequestView): boolean {
    if (!this.crossings.isStranger(row, this.node, this.balancer.layerOf(view))) return false;
    this.reset(row);
    return true;
  }

  /** Layer 4: the same, if the node would lead the packet to another backend than its connection has, or finds none (-1). */
  isLedAstray(row: number, view: RequestView, backend: number): boolean {
    if (backend < NO_BACKEND || this.balancer.layerOf(view) !== 4) return false;
    if (this.crossings.isElsewhere(row, backend)) {
      this.reset(row);
      return true;
    }
    if (backend >= 0) this.crossings.learn(row, this.node, backend);
    return false;
  }

  private reset(row: number): void {
    this.crossings.breaks(row);
    this.clientSide.close(row);
    this.path.answer(row, FAILURE.reset);
  }

  /** The request's party belongs to this backend now. */
  bound(row: number, backend: number): void {
    this.crossings.bind(row, this.node, backend);
  }

  /** The connection breaks that a request under way came on. */
  breaks(row: number): void {
    this.crossings.breaks(row);
    this.path.release(row);
    this.clientSide.close(row);
    this.clientSide.fail(row, FAILURE.reset);
  }

  /** Packets of a request that is with its backend come to this node from now on. */
  adopt(row: number): void {
    const { rows } = this;
    rows.open[row]! |= OPEN.attempt;
    this.balancer.start(rows.backend[row]!, rows.view[row]!);
    if (rows.held[row] === 0) return;
    rows.held[row] = 0;
    this.path.take(row, rows.reply[row]!);
  }
}
