import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import type { LoadReport } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import type { EventQueue } from './event-queue.ts';
import type { Line } from './network.ts';
import { PLAN } from './plan.ts';
import type { Servers } from './servers.ts';

/** Who has not answered by then is not heard of again. */
const LOST_AFTER_US = 1_000_000;

/** A balancer that asks, and its part of the network. */
export interface Asker {
  readonly balancer: Balancer;
  readonly network: Line;
}

/** A question on its way to a backend, or its answer on the way back. */
interface Question {
  readonly asker: Asker;
  readonly server: number;
  readonly askedUs: number;
  load: LoadReport | undefined;
}

/** Carries the questions of pickers for the load of backends (Prequal) over the network, and the answers back. A machine that is down or hangs gives none. */
export class LoadProbes {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly servers: Servers;
  private readonly questions = new Map<number, Question>();
  private asked = 0;

  constructor(clock: Clock, agenda: EventQueue, servers: Servers) {
    this.clock = clock;
    this.agenda = agenda;
    this.servers = servers;
  }

  /** The request was sent to `backend`: asks whom its picker wants to be asked. */
  ask(asker: Asker, backend: number, request: RequestView): void {
    for (const server of asker.balancer.loadQuestions(backend, request)) {
      const number = ++this.asked;
      this.questions.set(number, { asker, server, askedUs: this.clock.nowUs, load: undefined });
      this.agenda.push(this.clock.nowUs + asker.network.there(), PLAN.loadReachBackend, number, 0);
    }
  }

  reachBackend(number: number): void {
    const question = this.questions.get(number)!;
    if (!this.servers.isRunning(question.server)) {
      this.questions.delete(number);
      return;
    }
    question.load = this.servers.loadOf(question.server, this.clock.nowUs);
    this.agenda.push(this.clock.nowUs + question.asker.network.back(), PLAN.loadReachBalancer, number, 0);
  }

  reachBalancer(number: number): void {
    const { asker, server, askedUs, load } = this.questions.get(number)!;
    this.questions.delete(number);
    if (this.clock.nowUs - askedUs <= LOST_AFTER_US) asker.balancer.toldLoad(server, load!);
  }
}
