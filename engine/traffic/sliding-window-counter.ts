/**
 * Sliding window, as two counters: requests of the current period, and of the one before weighted by the share of it that the window still covers.
 *
 *   rate = floor((previous * remaining + current * period) / period)        on a clock of whole milliseconds
 *
 * A request is counted first and refused if the rate is above `limit` then: refused requests count too, so who keeps trying stays out. With `countRefused` false they
 * do not, and the rate is what was let in.
 *
 * Cost: O(1) a request. Memory: three numbers a key.
 *
 * Fails when: the previous period was uneven: it is taken for even, so a burst at its end is forgotten too early and one at its start too late.
 *
 * Source: HAProxy, `freq_ctr` and `http_req_rate()` of a stick table. A period begins with the first request after two empty ones and otherwise where the last ended.
 *
 * Real systems: HAProxy rounds the start of a period to 2 ms, the lowest bit being its lock. Cloudflare's counters are the same without counting the refused.
 */
import type { AdmissionPolicy } from '../core/policy.ts';
import type { WindowOptions } from './fixed-window.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf } from './request-key.ts';

export interface SlidingWindowCounterOptions extends WindowOptions {
  readonly countRefused?: boolean;
}

export interface SlidingWindowCounter extends AdmissionPolicy {
  /** The rate that was found for the last request, itself included where it is counted; for tests and tables. */
  readonly lastRate: number;
}

export function slidingWindowCounter({
  limit = 10,
  windowUs = 1_000_000,
  countRefused = true,
  keys = 10_000,
  ...by
}: SlidingWindowCounterOptions = {}): SlidingWindowCounter {
  const key = keyOf(by);
  const table = recentKeys(keys);
  const current: number[] = [];
  const previous: number[] = [];
  const startMs: number[] = [];
  const periodMs = Math.max(1, Math.round(windowUs / 1_000));
  let lastRate = 0;

  /** Begins a new period if the last is over. */
  function turn(slot: number, nowMs: number): void {
    const elapsed = nowMs - startMs[slot]!;
    if (elapsed < periodMs) return;
    const recent = elapsed < 2 * periodMs;
    previous[slot] = recent ? current[slot]! : 0;
    current[slot] = 0;
    startMs[slot] = recent ? startMs[slot]! + periodMs : nowMs;
  }

  return {
    get lastRate() {
      return lastRate;
    },
    admit(request, ctx, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const slot = table.use(name);
      const nowMs = Math.floor(ctx.nowUs / 1_000);
      if (table.isNew) {
        previous[slot] = current[slot] = 0;
        startMs[slot] = nowMs;
      } else turn(slot, nowMs);
      const elapsed = nowMs - startMs[slot]!;
      lastRate = frequency(previous[slot]!, current[slot]! + 1, elapsed, periodMs);
      const refused = lastRate > limit;
      if (!refused || countRefused) current[slot]!++;
      return refused ? retryAfterUs(previous[slot]!, current[slot]!, elapsed) : undefined;
    },
  };

  /** When one more would be let in if nothing came until then: later in this period, or in the next, when what came in this one fades. */
  function retryAfterUs(before: number, now: number, elapsed: number): number {
    const left = mostRemaining(before, now);
    const atMs = left > 0 ? periodMs - left : 2 * periodMs - Math.max(0, mostRemaining(now, 0));
    return (atMs - elapsed) * 1_000;
  }

  /** The most that may remain of a period for floor((before * remaining + (now + 1) * period) / period) to be within the limit. */
  function mostRemaining(before: number, now: number): number {
    return Math.min(periodMs, Math.ceil(((limit - now) * periodMs) / before) - 1);
  }
}

/**
 * Events in the last `periodMs`, as far as two counters tell: `current` in the period that began `elapsedMs` ago and `previous` in the one before. A single old event is
 * told in full until a period has gone by, so that a very low rate does not flap between 0 and 1.
 */
export function frequency(previous: number, current: number, elapsedMs: number, periodMs: number): number {
  const over = elapsedMs > periodMs;
  const past = over ? (elapsedMs <= 2 * periodMs ? current : 0) : previous;
  const now = over ? 0 : current;
  const remaining = over ? 2 * periodMs - elapsedMs : periodMs - elapsedMs;
  if (now === 0 && past <= 1) return past;
  return Math.floor((past * remaining + now * periodMs) / periodMs);
}
