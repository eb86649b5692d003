import type { Clock } from '../balancer/context.ts';
import { invariant } from '../core/invariant.ts';
import type { EventQueue } from './event-queue.ts';
import { PLAN } from './plan.ts';

/** One row of alarms, numbered from 0, that wake the same sleeper. */
export interface Row {
  /** Wakes it at that time with the number of the alarm. Set again, an alarm rings at the new time only. */
  set(alarm: number, atUs: number): void;
  cancel(alarm: number): void;
}

/**
 * Wakes whoever has something to do later that is about no request: caches that expire, routes that converge, control loops. All share one kind
 * of event; who is meant is told by the number.
 */
export class Alarms {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly wakes: { readonly first: number; readonly wake: (alarm: number) => void }[] = [];
  /** Counts how often each alarm was set, by which one that was set again is told from the one before. */
  private readonly settings: number[] = [];

  constructor(clock: Clock, agenda: EventQueue) {
    this.clock = clock;
    this.agenda = agenda;
  }

  /** Alarms 0 to `count` - 1, of which `wake` gets the number. */
  row(count: number, wake: (alarm: number) => void): Row {
    const first = this.settings.length;
    this.wakes.push({ first, wake });
    for (let alarm = 0; alarm < count; alarm++) this.settings.push(0);
    return {
      set: (alarm, atUs) => {
        invariant(atUs >= this.clock.nowUs, `An alarm is set for ${atUs}, which is before now, ${this.clock.nowUs}.`);
        const setting = this.next(first + alarm);
        if (atUs !== Infinity) this.agenda.push(atUs, PLAN.alarm, first + alarm, setting);
      },
      cancel: (alarm) => {
        this.next(first + alarm);
      },
    };
  }

  ring(subject: number, setting: number): void {
    if (this.settings[subject] !== setting) return;
    const { first, wake } = this.wakes.findLast((row) => row.first <= subject)!;
    wake(subject - first);
  }

  private next(subject: number): number {
    return (this.settings[subject] = (this.settings[subject]! + 1) & HIGHEST_STAMP);
  }
}

/** The events' stamps end there. */
const HIGHEST_STAMP = 0x3ffffff;
