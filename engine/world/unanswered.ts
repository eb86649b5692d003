import type { Clock } from '../balancer/context.ts';
import type { Alarms, Row } from './alarms.ts';
import type { InFlight } from './in-flight.ts';

/** Requests that nobody has answered, in the order in which their clients will give up: all wait equally long. */
export class Unanswered {
  private readonly waitUs: number;
  private readonly clock: Clock;
  private readonly rows: InFlight;
  private readonly waiting: { readonly row: number; readonly generation: number; readonly atUs: number }[] = [];
  private readonly alarm: Row;
  private readonly giveUp: (row: number) => void;

  constructor(waitUs: number, clock: Clock, alarms: Alarms, rows: InFlight, giveUp: (row: number) => void) {
    this.waitUs = waitUs;
    this.clock = clock;
    this.rows = rows;
    this.giveUp = giveUp;
    this.alarm = alarms.row(1, () => {
      this.ring();
    });
  }

  add(row: number): void {
    const atUs = this.clock.nowUs + this.waitUs;
    this.waiting.push({ row, generation: this.rows.generation[row]!, atUs });
    if (this.waiting.length === 1) this.alarm.set(0, atUs);
  }

  private ring(): void {
    const { waiting, rows, clock } = this;
    while (waiting.length > 0 && waiting[0]!.atUs <= clock.nowUs) {
      const { row, generation } = waiting.shift()!;
      if (rows.generation[row] === generation) this.giveUp(row);
    }
    if (waiting.length > 0) this.alarm.set(0, waiting[0]!.atUs);
  }
}
