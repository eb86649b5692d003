import { grown } from '../core/columns.ts';
import { PENDING, SERVED } from './request-log.ts';

/**
 * One row per call: what a user wanted, however many requests it took. Kept for clients that wait, try again or log in; for all others a call is a request.
 * Times are whole microseconds, NaN until they happened. Entries from `length` on mean nothing; growing replaces a column.
 */
export class CallLog {
  /** Index of the client. */
  client = new Uint16Array(FIRST_CAPACITY);
  /** When it was to begin by the plan of its client; where there is none, when it began. */
  intendedUs = new Float64Array(FIRST_CAPACITY);
  /** Its first request left the client. */
  sentUs = new Float64Array(FIRST_CAPACITY);
  /** The user has what was wanted, or has given up for good. */
  endedUs = new Float64Array(FIRST_CAPACITY);
  /** PENDING, SERVED or the FAILURE code of the last request. */
  outcome = new Uint8Array(FIRST_CAPACITY);
  /** Requests sent for it. */
  attempts = new Uint16Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A call begins. Answers its row. */
  begin(client: number, intendedUs: number, sentUs: number): number {
    const row = this.#length++;
    if (row === this.outcome.length) this.#grow();
    this.client[row] = client;
    this.intendedUs[row] = intendedUs;
    this.sentUs[row] = sentUs;
    this.endedUs[row] = NaN;
    this.outcome[row] = PENDING;
    this.attempts[row] = 0;
    return row;
  }

  attempt(row: number): void {
    this.attempts[row]!++;
  }

  end(row: number, atUs: number, outcome: number): void {
    this.endedUs[row] = atUs;
    this.outcome[row] = outcome;
  }

  /** Goodput: the share of the calls begun from `fromUs` to before `toUs` whose users got what they wanted; NaN when none began. */
  goodput(fromUs = 0, toUs = Infinity): number {
    let begun = 0;
    let good = 0;
    for (let row = 0; row < this.#length; row++) {
      if (this.intendedUs[row]! < fromUs || this.intendedUs[row]! >= toUs) continue;
      begun++;
      if (this.outcome[row] === SERVED) good++;
    }
    return good / begun;
  }

  /**
   * How long the calls that were served took, in rising order: from when they were sent, as a load generator that waits sees it, or from when they were to be
   * sent, as people do who do not know of its plan.
   */
  latencies(since: 'sent' | 'intended'): Float64Array {
    const from = since === 'sent' ? this.sentUs : this.intendedUs;
    const found: number[] = [];
    for (let row = 0; row < this.#length; row++) {
      if (this.outcome[row] === SERVED) found.push(this.endedUs[row]! - from[row]!);
    }
    return Float64Array.from(found).sort();
  }

  #grow(): void {
    this.client = grown(this.client);
    this.intendedUs = grown(this.intendedUs);
    this.sentUs = grown(this.sentUs);
    this.endedUs = grown(this.endedUs);
    this.outcome = grown(this.outcome);
    this.attempts = grown(this.attempts);
  }
}

/**
 * Latencies of a client that planned to send every `everyUs` and waited instead: for each that took longer, those of the requests it left out are added, each shorter
 * by one interval than the one before. In rising order.
 *
 * Source: Tene, "How NOT to measure latency", 2013 (coordinated omission); HdrHistogram, recordValueWithExpectedInterval.
 */
export function withOmitted(latencies: Float64Array, everyUs: number): Float64Array {
  const all: number[] = [];
  for (const latencyUs of latencies) {
    all.push(latencyUs);
    for (let missedUs = latencyUs - everyUs; missedUs >= everyUs; missedUs -= everyUs) all.push(missedUs);
  }
  return Float64Array.from(all).sort();
}

const FIRST_CAPACITY = 1024;
