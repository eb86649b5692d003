import { Clock } from '../../../engine/balancer/context.ts';
import { Alarms } from '../../../engine/world/alarms.ts';
import { EventQueue } from '../../../engine/world/event-queue.ts';

/** A clock and the alarms that ring while it goes: all that parts need which are about no request. */
export class Ticking {
  readonly clock = new Clock();
  private readonly agenda = new EventQueue();
  readonly alarms = new Alarms(this.clock, this.agenda);

  /** Lets everything happen up to and including this time. */
  goTo(untilUs: number): void {
    const { agenda, clock } = this;
    while (agenda.nextUs <= untilUs) {
      clock.nowUs = agenda.nextUs;
      const { nextSubject, nextStamp } = agenda;
      agenda.pop();
      this.alarms.ring(nextSubject, nextStamp);
    }
    clock.nowUs = untilUs;
  }
}
