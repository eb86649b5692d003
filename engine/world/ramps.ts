import type { Balancer } from '../balancer/balancer.ts';
import type { EventQueue } from './event-queue.ts';
import { PLAN } from './plan.ts';
import type { RequestPath } from './request-path.ts';

/** The clockwork of slow starts: while a backend is in one, its weight is looked at again whenever it is due. Else nothing is planned. */
export class Ramps {
  private readonly agenda: EventQueue;
  private readonly balancer: Balancer;
  private readonly path: RequestPath;
  /** By backend: which ramp it is in, and since when. */
  private readonly open = new Map<number, { readonly number: number; readonly sinceUs: number }>();
  private begun = 0;
  /** What the number of a backend is added to, for its events to find this node. */
  private readonly base: number;

  constructor(agenda: EventQueue, balancer: Balancer, path: RequestPath, node: number) {
    this.base = node * BACKENDS;
    this.agenda = agenda;
    this.balancer = balancer;
    this.path = path;
  }

  /** The balancer thinks otherwise of the backend, or it has joined: has a slow start begun or ended with that? */
  look(backend: number): void {
    const sinceUs = this.balancer.rampSinceUs(backend);
    if (sinceUs === this.open.get(backend)?.sinceUs) return;
    this.open.delete(backend);
    if (sinceUs === undefined) return;
    const number = ++this.begun;
    this.open.set(backend, { number, sinceUs });
    this.follow(backend, number);
  }

  /** The time of the ramp with this number has come. */
  follow(backend: number, number: number): void {
    if (this.open.get(backend)?.number !== number) return;
    const againUs = this.balancer.ramp(backend);
    if (againUs === undefined) this.open.delete(backend);
    else this.agenda.push(againUs, PLAN.ramp, this.base + backend, number);
    // Its bound on connections may have grown.
    this.path.changed(backend);
  }
}

/** More than a world has. */
const BACKENDS = 0x10_0000;

/** The node and the backend that an event about a ramp is about. */
export function subjectOfRamp(subject: number): { readonly node: number; readonly backend: number } {
  return { node: Math.floor(subject / BACKENDS), backend: subject % BACKENDS };
}
