import type { Balancer } from '../balancer/balancer.ts';
import { isWithin } from '../balancer/circuit-limits.ts';
import type { Clock } from '../balancer/context.ts';
import { NO_BACKEND } from '../balancer/pool.ts';
import type { WaitingRoom } from '../balancer/waiting-room.ts';
import type { Outcome } from '../core/policy.ts';
import { setTried } from '../core/request.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { Care, Errand } from './care.ts';
import type { EventQueue } from './event-queue.ts';
import { SERVED } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import { PLAN } from './plan.ts';
import type { Recorder } from './recorder.ts';

/** The part of the request path that attempts are made with. */
export interface Path {
  readonly rows: InFlight;
  /** Sends the row to the backend, beginning an attempt. */
  forward(row: number, backend: number): void;
  /** The balancer no longer waits for this attempt. */
  giveUp(row: number, reply: number): void;
  answer(row: number, answer: number): void;
}

/**
 * What the balancer does for a request beyond sending it once: limits -> queue -> attempt, and beside it, or after it, further attempts, until one
 * is answered or there is no more to try. A request is known by its first row; further attempts have rows of their own.
 */
export class Attempts {
  private readonly path: Path;
  private readonly rows: InFlight;
  private readonly balancer: Balancer;
  private readonly agenda: EventQueue;
  private readonly clock: Clock;
  private readonly recorder: Recorder;

  constructor(path: Path, balancer: Balancer, agenda: EventQueue, clock: Clock, recorder: Recorder) {
    this.path = path;
    this.rows = path.rows;
    this.balancer = balancer;
    this.agenda = agenda;
    this.clock = clock;
    this.recorder = recorder;
  }

  /** A request came to a pool; the balancer chose this backend for it, or none (NO_BACKEND). */
  begin(head: number, pool: number, backend: number, care: Care): void {
    const errand: Errand = {
      head,
      pool,
      care,
      open: [],
      sent: 0,
      tried: [],
      lastReply: FAILURE.noBackend,
      by: -1,
      retryWaits: false,
      isRetry: false,
      isOver: false,
    };
    this.rows.errand[head] = errand;
    const isAdmitted = isWithin(care.maxRequests, care.requests);
    care.requests++;
    if (!isAdmitted) {
      this.conclude(errand, FAILURE.broken);
      return;
    }
    care.retry?.onRequest?.(this.rows.view[head]!, care.retryContext);
    if (care.overallUs !== Infinity) this.plan(care.overallUs, PLAN.overallTimeout, head);
    this.sendOrWait(errand, backend);
  }

  /** To the backend if it has room; else the request waits, or is turned away. */
  private sendOrWait(errand: Errand, backend: number): void {
    const { room } = errand.care;
    const isFull = backend !== NO_BACKEND && room !== undefined && this.balancer.isFull(backend);
    if (backend !== NO_BACKEND && !isFull) this.send(errand, backend);
    else if (room === undefined || !this.balancer.hasEligible(errand.pool)) this.giveIn(errand, errand.lastReply);
    else if (room.hasRoom(backend)) this.wait(errand, backend, room);
    else if (isFull) this.sendOrWait(errand, this.pickAgain(errand));
    else this.giveIn(errand, FAILURE.crowded);
  }

  /** `backend`: the one it is bound to, or NO_BACKEND. */
  private wait(errand: Errand, backend: number, room: WaitingRoom): void {
    const nowUs = this.clock.nowUs;
    room.enter(errand.head, backend, nowUs);
    this.recorder.pending(this.rows.id[errand.head]!, backend, room.lengthFor(backend), nowUs);
    if (errand.care.queueTimeoutUs !== Infinity) this.plan(errand.care.queueTimeoutUs, PLAN.queueTimeout, errand.head);
  }

  queueTimeout(head: number): void {
    const errand = this.rows.errand[head];
    if (errand === undefined || errand.isOver || !errand.care.room!.leave(head)) return;
    this.giveIn(errand, FAILURE.waited);
  }

  private send(errand: Errand, backend: number): void {
    const { rows } = this;
    const { head, care } = errand;
    const view = rows.view[head]!;
    const row = errand.sent === 0 ? head : rows.takeAttempt(head);
    errand.sent++;
    errand.open.push(row);
    errand.tried = [...errand.tried, this.balancer.viewOf(backend)];
    const delayUs = care.hedge?.delayUs(view, errand.sent, care.hedgeContext);
    if (delayUs !== undefined) this.plan(delayUs, PLAN.hedge, head);
    this.path.forward(row, backend);
  }

  /** An attempt ended, with SERVED or a FAILURE code. */
  ended(row: number, errand: Errand, reply: number, outcome: Outcome): void {
    const { care, head } = errand;
    const view = this.rows.view[head]!;
    errand.open.splice(errand.open.indexOf(row), 1);
    care.hedge?.onOutcome?.(view, outcome, care.hedgeContext);
    const backend = this.rows.backend[row]!;
    errand.by = backend;
    if (reply === SERVED) this.conclude(errand, SERVED);
    else if (!this.triesAgain(errand, row, reply, outcome)) this.giveIn(errand, reply);
    this.freed(care, backend);
  }

  /** Has the failed attempt followed by another, if the policy and the limits allow. */
  private triesAgain(errand: Errand, row: number, reply: number, outcome: Outcome): boolean {
    const { care, head } = errand;
    if (errand.retryWaits) return false;
    this.endRetry(errand);
    if (!isWithin(care.maxRetries, care.retries)) return false;
    const waitUs = care.retry?.onFailure(this.rows.view[head]!, errand.sent, outcome, care.retryContext);
    if (waitUs === undefined) return false;
    this.recorder.attemptFailed(this.rows.id[head]!, this.rows.backend[row]!, reply, this.clock.nowUs);
    errand.lastReply = reply;
    errand.retryWaits = true;
    errand.isRetry = true;
    care.retries++;
    if (waitUs === 0) this.retry(head);
    else this.plan(waitUs, PLAN.retry, head);
    return true;
  }

  retry(head: number): void {
    const errand = this.rows.errand[head];
    if (errand === undefined || errand.isOver || !errand.retryWaits) return;
    const { care, tried } = errand;
    errand.retryWaits = false;
    const view = this.rows.view[head]!;
    const last = errand.by;
    const staysPut = care.retry!.staysPut?.(view, errand.sent) ?? false;
    setTried(view, tried);
    this.recorder.retried(this.rows.id[head]!, last, errand.sent + 1, this.clock.nowUs);
    this.sendOrWait(errand, staysPut && !this.balancer.hasLeft(last) ? last : this.pickAgain(errand, true));
  }

  /** The request takes long: it is sent to a second backend as well. */
  hedge(head: number): void {
    const errand = this.rows.errand[head];
    if (errand === undefined || errand.isOver || errand.open.length === 0 || errand.retryWaits) return;
    setTried(this.rows.view[head]!, errand.tried);
    const backend = this.pickAgain(errand);
    if (backend === NO_BACKEND || this.balancer.isFull(backend) || errand.tried.includes(this.balancer.viewOf(backend)))
      return;
    this.recorder.hedged(this.rows.id[head]!, backend, errand.sent + 1, this.clock.nowUs);
    errand.care.hedge!.onHedge?.(this.rows.view[head]!, errand.care.hedgeContext);
    this.send(errand, backend);
  }

  overallTimeout(head: number): void {
    const errand = this.rows.errand[head];
    if (errand === undefined || errand.isOver) return;
    this.conclude(errand, FAILURE.timeout);
  }

  /** The client has gone. */
  abandon(errand: Errand): void {
    if (!errand.isOver) this.close(errand, FAILURE.abandoned);
  }

  /** Nothing more to try: unless another attempt is still under way, this is the answer. */
  private giveIn(errand: Errand, reply: number): void {
    errand.lastReply = reply;
    if (errand.open.length === 0 && !errand.retryWaits) this.conclude(errand, reply);
  }

  private conclude(errand: Errand, answer: number): void {
    this.close(errand, answer);
    this.path.answer(errand.head, answer);
  }

  private close(errand: Errand, answer: number): void {
    const { care, head } = errand;
    errand.isOver = true;
    care.requests--;
    this.endRetry(errand);
    care.room?.leave(head);
    const { open } = errand;
    errand.open = [];
    for (const row of open) {
      const backend = this.rows.backend[row]!;
      this.recorder.cancelled(this.rows.id[head]!, backend, this.clock.nowUs);
      this.path.giveUp(row, answer === FAILURE.timeout ? FAILURE.timeout : FAILURE.abandoned);
      this.freed(care, backend);
    }
    care.retry?.onAnswer?.(this.rows.view[head]!, answer === SERVED, care.retryContext);
  }

  private endRetry(errand: Errand): void {
    if (errand.isRetry) errand.care.retries--;
    errand.isRetry = false;
  }

  /** Backend `backend` may have room: whoever waits for it goes there, in the order of arrival. */
  freed(care: Care, backend: number): void {
    if (care.room === undefined || care.room.length === 0) return;
    care.freed.push(backend);
    // One at a time: who is sent may fail at once and free the next.
    if (care.isBusy) return;
    care.isBusy = true;
    for (let next = care.freed.shift(); next !== undefined; next = care.freed.shift()) {
      while (this.letIn(care.room, next));
    }
    care.isBusy = false;
  }

  /** The balancer thinks otherwise of a backend. */
  changed(care: Care, backend: number): void {
    if (care.room === undefined) return;
    if (!this.balancer.isEligible(backend)) care.room.release(backend);
    else this.freed(care, backend);
  }

  private letIn(room: WaitingRoom, backend: number): boolean {
    const next = room.nextFor(backend);
    if (next === undefined || this.balancer.isFull(backend) || !this.balancer.isEligible(backend)) return false;
    const errand = this.rows.errand[next.request]!;
    if (room.isStale(next.request, this.clock.nowUs)) {
      room.leave(next.request);
      this.giveIn(errand, FAILURE.shed);
      return true;
    }
    const target = next.isBound ? backend : this.pickAgain(errand);
    if (target === NO_BACKEND || this.balancer.isFull(target)) return false;
    room.leave(next.request);
    this.send(errand, target);
    return true;
  }

  private pickAgain(errand: Errand, isBound = false): number {
    return this.balancer.pickAgain(errand.pool, this.rows.view[errand.head]!, isBound);
  }

  private plan(afterUs: number, event: number, head: number): void {
    this.agenda.push(this.clock.nowUs + afterUs, event, head, this.rows.generation[head]!);
  }
}
