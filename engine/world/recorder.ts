import { writeEarlier } from '../metrics/earlier.ts';
import { EVENT_KIND } from '../metrics/event-kind.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { Observer } from '../metrics/observer.ts';
import { RequestLog, SERVED } from '../metrics/request-log.ts';
import type { LogNames } from '../metrics/request-log.ts';
import { Trace } from '../metrics/trace.ts';

/** What a run keeps of all that happens. */
export interface Keeps {
  /**
   * Keep the trace, its digest and the log of requests (the default)? Without them there are only counts and a histogram. `later`: from `catchUp` on.
   * `digest`: of the trace no more than its digest.
   */
  readonly trace: boolean | 'later' | 'digest' | undefined;
  /** Keep the log of requests? Absent: if there is a trace, or its digest. */
  readonly log: boolean | undefined;
}

/**
 * Writes down what happens. Counts and the histogram of latencies always; the trace (and with it the digest) and the log of requests only
 * if asked to, for they cost more than the simulation itself.
 */
export class Recorder {
  readonly trace: Trace;
  readonly log: RequestLog;
  /** Latencies of served requests as their clients saw them. */
  readonly latencies = new Histogram();
  arrivedCount = 0;
  servedCount = 0;
  failedCount = 0;
  retriedCount = 0;
  /** Bytes of requests and of responses that passed the balancer. */
  bytesIn = 0;
  bytesOut = 0;
  hedgedCount = 0;
  /** Does it write down what happens now? */
  private tracing: boolean;
  private readonly takesNotes: boolean;
  /** Does it keep the log, as far as it writes at all? */
  readonly logging: boolean;
  /** Whose events are being written: set by whoever hands over to a node of a tier. -1: nobody's. */
  node = 0;
  private readonly observer: Observer | undefined;

  /** `keeps`: as the options of a simulation say it. `hasTier`: trace and log say which node each event is of. */
  constructor(
    names: LogNames,
    { trace = true, log = trace !== false }: Partial<Keeps>,
    hasTier = false,
    observer?: Observer,
  ) {
    this.log = new RequestLog(names, hasTier);
    this.trace = new Trace(hasTier, trace === 'digest');
    this.tracing = trace === true || trace === 'digest';
    this.takesNotes = trace === true || trace === 'later';
    this.logging = log;
    this.observer = observer;
  }

  /** The same run went further elsewhere, and was written down there: takes that over up to now, and goes on writing. */
  catchUp(other: Recorder, nowUs: number): void {
    writeEarlier(this, other, other.trace.firstAt(nowUs + 1), this.arrivedCount);
    this.tracing = true;
  }

  /** A request reached the balancer. Answers its id. */
  arrived(client: number, classIndex: number, sentUs: number, nowUs: number): number {
    const id = ++this.arrivedCount;
    if (this.tracing) {
      if (this.logging) this.log.arrive(client, classIndex, sentUs, nowUs, this.node);
      this.append(nowUs, EVENT_KIND.arrived, id, -1, client);
    }
    this.observer?.arrived?.(id, nowUs);
    return id;
  }

  picked(id: number, backend: number, inFlight: number, nowUs: number): void {
    this.observer?.picked?.(id, backend, nowUs);
    if (!this.tracing) return;
    if (this.logging) this.log.pick(id, backend, inFlight);
    this.append(nowUs, EVENT_KIND.picked, id, backend, inFlight);
  }

  attemptFailed(id: number, backend: number, failure: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, EVENT_KIND.attemptFailed, id, backend, failure);
  }

  /** `backend` failed attempt `attempt` - 1. */
  retried(id: number, backend: number, attempt: number, nowUs: number): void {
    this.retriedCount++;
    if (this.tracing) this.append(nowUs, EVENT_KIND.retried, id, backend, attempt);
  }

  hedged(id: number, backend: number, attempt: number, nowUs: number): void {
    this.hedgedCount++;
    if (this.tracing) this.append(nowUs, EVENT_KIND.hedged, id, backend, attempt);
  }

  cancelled(id: number, backend: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, EVENT_KIND.cancelled, id, backend, 0);
  }

  /** Waits in the balancer. */
  pending(id: number, backend: number, length: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, EVENT_KIND.pending, id, backend, length);
  }

  /** The balancer opened a connection to the backend for the request. */
  connected(id: number, backend: number, tookUs: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, EVENT_KIND.connected, id, backend, tookUs);
  }

  queued(id: number, backend: number, length: number, nowUs: number): void {
    this.observer?.queued?.(id, backend, nowUs);
    if (!this.tracing) return;
    if (this.logging) this.log.queue(id, nowUs);
    this.append(nowUs, EVENT_KIND.queued, id, backend, length);
  }

  started(id: number, backend: number, waitedUs: number, nowUs: number): void {
    if (!this.tracing) return;
    if (this.logging) this.log.start(id, nowUs);
    this.append(nowUs, EVENT_KIND.started, id, backend, waitedUs);
  }

  served(id: number, backend: number, latencyUs: number, nowUs: number): void {
    this.servedCount++;
    this.latencies.record(latencyUs);
    this.observer?.served?.(id, backend, latencyUs, nowUs);
    if (!this.tracing) return;
    if (this.logging) this.log.end(id, nowUs, SERVED);
    this.append(nowUs, EVENT_KIND.served, id, backend, latencyUs);
  }

  /** `failure` is a FAILURE code. */
  failed(id: number, backend: number, failure: number, nowUs: number): void {
    this.failedCount++;
    this.observer?.failed?.(id, backend, failure, nowUs);
    if (!this.tracing) return;
    if (this.logging) this.log.end(id, nowUs, failure);
    this.append(nowUs, EVENT_KIND.failed, id, backend, failure);
  }

  probed(backend: number, passed: boolean, tookUs: number, nowUs: number): void {
    if (this.takesNotes) this.trace.notes.probes.push({ atUs: nowUs, backend, tookUs });
    if (this.tracing) this.append(nowUs, EVENT_KIND.probed, 0, backend, passed ? 1 : 0);
  }

  /** How the machine really is from now on: a code that `observation.ts` names. */
  truth(backend: number, truth: number, nowUs: number): void {
    if (this.takesNotes) this.trace.notes.truths.push({ atUs: nowUs, backend, truth });
  }

  health(backend: number, belief: number, nowUs: number): void {
    this.observer?.health?.(backend, belief, nowUs);
    if (this.tracing) this.append(nowUs, EVENT_KIND.health, 0, backend, belief);
  }

  /** Something that only a tier knows: EVENT_KIND 40 to 49. */
  tier(kind: number, id: number, backend: number, value: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, kind, id, backend, value);
  }

  /** An autoscaler has changed its pool. */
  scaled(kind: number, backend: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, kind, 0, backend, 0);
  }

  drained(backend: number, cutOff: number, nowUs: number): void {
    this.observer?.drained?.(backend, cutOff, nowUs);
    if (this.tracing) this.append(nowUs, EVENT_KIND.drained, 0, backend, cutOff);
  }

  action(backend: number, index: number, nowUs: number): void {
    if (this.tracing) this.append(nowUs, EVENT_KIND.action, 0, backend, index);
  }

  private append(nowUs: number, kind: number, id: number, backend: number, value: number): void {
    this.trace.append(nowUs, kind, id, backend, value, this.node);
  }
}
