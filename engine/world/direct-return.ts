import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { ClientSide } from './client-side.ts';
import type { EventQueue } from './event-queue.ts';
import { OPEN } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import type { Line } from './network.ts';
import { PLAN } from './plan.ts';
import type { RequestWorld } from './request-world.ts';

/** Direct server return: the answer goes from the backend to the client, past the balancer. */
export class DirectReturn {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly toBalancer: Line;
  private readonly balancer: Balancer;
  private readonly rows: InFlight;
  private readonly clientSide: ClientSide;

  constructor(around: RequestWorld) {
    this.clock = around.clock;
    this.agenda = around.agenda;
    this.toBalancer = around.toBalancer;
    this.balancer = around.balancer;
    this.rows = around.rows;
    this.clientSide = around.clientSide;
  }

  reply(row: number, reply: number): void {
    this.rows.reply[row] = reply;
    if (this.toBalancer.isInstant) this.reachClient(row);
    else
      this.agenda.push(
        this.clock.nowUs + this.toBalancer.back(),
        PLAN.directReachClient,
        row,
        this.rows.generation[row]!,
      );
  }

  reachClient(row: number): void {
    const { rows } = this;
    if ((rows.open[row]! & OPEN.client) !== 0) this.clientSide.finish(row, rows.reply[row]!);
    if (this.toBalancer.isInstant) this.doneReachBalancer(row);
    else
      this.agenda.push(this.clock.nowUs + this.toBalancer.there(), PLAN.doneReachBalancer, row, rows.generation[row]!);
  }

  /** All that the balancer sees: the client acknowledges whatever it got. It can neither tell an error from an answer nor judge by it. */
  doneReachBalancer(row: number): void {
    const { rows } = this;
    if ((rows.open[row]! & OPEN.attempt) !== 0) {
      const latencyUs = this.clock.nowUs - rows.pickedUs[row]!;
      rows.close(row, OPEN.attempt);
      this.balancer.end(rows.backend[row]!, rows.view[row]!, 'served', 0, latencyUs, 0, false);
      this.balancer.front.answered(rows.view[row]!, 0, this.clock.nowUs - rows.sentUs[row]!);
      if (rows.reply[row] === FAILURE.refused || rows.reply[row] === FAILURE.reset) this.clientSide.close(row);
    }
    rows.close(row, OPEN.beyond);
  }
}
