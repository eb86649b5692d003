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

  constructor(agenda: EventQueue, balancer: Balancer, path: RequestPath) {
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
    else this.agenda.push(againUs, PLAN.ramp, backend, number);
    // Its bound on connections may have grown.
    this.path.changed(backend);
  }
}
