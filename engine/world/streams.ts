import type { Clock } from '../balancer/context.ts';
import { sampler } from '../core/distributions.ts';
import type { Prng } from '../core/prng.ts';
import type { EventQueue } from './event-queue.ts';
import { OPEN, STREAM } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import { PLAN } from './plan.ts';
import type { Scenario } from './scenario.ts';

/**
 * Requests that stay: WebSockets after their 101, and gRPC streams. The work of the request is the handshake; after that no worker is busy, and the stream counts as in flight at
 * its backend until it ends. It stays where it was opened, whatever becomes of the backend's weight or health. Timers of requests do not end it.
 */
export class Streams {
  /** Streams opened so far. */
  opened = 0;
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly rows: InFlight;
  /** By index of the request kind: draws how long it stays; undefined: it is answered and gone. */
  private readonly lasts: readonly ((() => number) | undefined)[];

  constructor({ clients }: Scenario, clock: Clock, agenda: EventQueue, rows: InFlight, rng: Prng) {
    this.clock = clock;
    this.agenda = agenda;
    this.rows = rows;
    this.lasts = clients.flatMap(({ id, requests }) =>
      requests.map(({ name, stream }) => stream && sampler(stream.lasts, rng.fork(`streams:${id}:${name}`))),
    );
  }

  /** The handshake is done: answers whether the request stays. Its end comes as the end of work. */
  opens(row: number): boolean {
    const { rows } = this;
    const lasts = this.lasts[rows.kind[row]!];
    if (lasts === undefined || (rows.open[row]! & OPEN.attempt) === 0) return false;
    this.opened++;
    this.mark(row, true);
    rows.doneUs[row] = this.clock.nowUs + lasts();
    this.agenda.push(rows.doneUs[row], PLAN.workDone, row, rows.generation[row]!);
    return true;
  }

  /** The stream of this row is over, if it is one. */
  ends(row: number): boolean {
    if ((this.rows.stream[row]! & STREAM.here) === 0) return false;
    this.mark(row, false);
    this.rows.doneUs[row] = Infinity;
    return true;
  }

  /** The rows of all streams that are open at this server. */
  at(server: number): number[] {
    const { rows } = this;
    const found: number[] = [];
    for (let row = 0; row < rows.used; row++) {
      if ((rows.stream[row]! & STREAM.here) !== 0 && rows.backend[row] === server) found.push(row);
    }
    return found;
  }

  /** Timers look at the request's first row, so that is marked as well. Where a hedge has opened two streams each row has its own mark. */
  private mark(row: number, isOpen: boolean): void {
    const { stream, errand } = this.rows;
    const head = errand[row]?.head ?? row;
    if (isOpen) {
      stream[head]! |= STREAM.elsewhere;
      stream[row]! |= STREAM.here;
    } else {
      stream[head]! &= ~STREAM.elsewhere;
      stream[row]! &= ~STREAM.here;
    }
  }
}
