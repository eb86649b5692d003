import type { Clock } from '../balancer/context.ts';
import type { EventQueue } from './event-queue.ts';
import type { BalancerNode } from './node.ts';
import { PLAN } from './plan.ts';
import type { Recorder } from './recorder.ts';

/**
 * Drains with a time limit: when it is up, what is still in flight is cut off. One that has nothing left to wait for ends at its next look, at most a
 * hundredth of the limit later, as a balancer's own book-keeping does. (AWS: deregistration delay; HAProxy: shutdown sessions.)
 */
export class Drains {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly nodes: readonly BalancerNode[];
  private readonly recorder: Recorder;
  /** By backend: which drain it is in, and when that is up. */
  private readonly open = new Map<
    number,
    { readonly number: number; readonly endUs: number; readonly everyUs: number }
  >();
  private begun = 0;

  constructor(clock: Clock, agenda: EventQueue, nodes: readonly BalancerNode[], recorder: Recorder) {
    this.clock = clock;
    this.agenda = agenda;
    this.nodes = nodes;
    this.recorder = recorder;
  }

  begin(backend: number, limitUs: number): void {
    const number = ++this.begun;
    const drain = { number, endUs: this.clock.nowUs + limitUs, everyUs: Math.ceil(limitUs / 100) };
    this.open.set(backend, drain);
    this.lookLater(backend, drain);
  }

  callOff(backend: number): void {
    this.open.delete(backend);
  }

  timeout(backend: number, number: number): void {
    const drain = this.open.get(backend);
    if (drain?.number !== number) return;
    const left = this.nodes.reduce((sum, { balancer }) => sum + balancer.inFlight(backend), 0);
    if (left > 0 && this.clock.nowUs < drain.endUs) {
      this.lookLater(backend, drain);
      return;
    }
    this.open.delete(backend);
    for (const node of this.nodes) node.cut(backend);
    this.recorder.drained(backend, left, this.clock.nowUs);
  }

  private lookLater(
    backend: number,
    { number, endUs, everyUs }: { readonly number: number; readonly endUs: number; readonly everyUs: number },
  ): void {
    this.agenda.push(Math.min(endUs, this.clock.nowUs + everyUs), PLAN.drainTimeout, backend, number);
  }
}
