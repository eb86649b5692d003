/**
 * tower's retry budget: deposits and withdrawals in ten slots that together last `ttlUs`; what is in a slot is forgotten when its turn comes again.
 *
 * Cost: O(slots), ten numbers.
 * Fails when: see the token window; the two differ in how they round the price and in when a slot runs out.
 * Source: tower, retry/budget/tps_budget.rs: a deposit is worth 1 and a retry costs 1/share, or for a share above 1 a deposit `share` and a retry 1; a slot is
 * closed when more than its length has passed since it was opened.
 */
import type { RetryBudget } from './retry-budget.ts';

const SLOTS = 10;

export interface SlotBudgetOptions {
  readonly ttlUs: number;
  readonly minPerSecond: number;
  readonly share: number;
}

export function slotRetryBudget({ ttlUs, minPerSecond, share }: SlotBudgetOptions): RetryBudget {
  const [deposit, withdraw] = pricesOf(share);
  const reserve = minPerSecond * Math.trunc(ttlUs / 1_000_000) * withdraw;
  const slotUs = Math.floor(ttlUs / SLOTS);
  const slots = new Float64Array(SLOTS);
  /** The slot being written, when it was opened, and what was written to it. */
  let at = 0;
  let openedUs = 0;
  let written = 0;

  /** Closes the slot when its time is over; slots that were skipped are empty. */
  function expire(nowUs: number): void {
    let overUs = nowUs - openedUs;
    if (overUs < slotUs) return;
    slots[at] = written;
    written = 0;
    let next = (at + 1) % SLOTS;
    while (overUs > slotUs) {
      slots[next] = 0;
      overUs -= slotUs;
      next = (next + 1) % SLOTS;
    }
    at = next;
    openedUs = nowUs;
  }

  return {
    onRequest(nowUs) {
      expire(nowUs);
      written += deposit;
    },
    allows(nowUs) {
      expire(nowUs);
      if (slots.reduce((sum, value) => sum + value, written + reserve) < withdraw) return false;
      written -= withdraw;
      return true;
    },
    onFailure() {},
    onAnswer() {},
    onRetryEnd() {},
  };
}

function pricesOf(share: number): readonly [deposit: number, withdraw: number] {
  if (share === 0) return [0, 1];
  return share <= 1 ? [1, Math.trunc(1 / share)] : [1000, Math.trunc(1000 / share)];
}
