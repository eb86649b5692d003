import { expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../../engine/core/backend.ts';
import { RequestView } from '../../../engine/core/request.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { powerOfTwoChoices } from '../../../engine/pickers/power-of-two-choices.ts';
import { scripted } from '../../contract/small-pool.ts';

const request = new RequestView(1, 1, {
  client: 'c',
  class: 'default',
  method: 'GET',
  host: '',
  path: '/',
  headers: {},
});

function withInFlight(...counts: number[]): BackendView[] {
  return counts.map((count, slot) => {
    const view = new BackendView(slot, `b${slot}`, 'a', 1);
    setInFlight(view, count);
    return view;
  });
}

test('of the two drawn, the one with fewer requests in flight is chosen', () => {
  const backends = withInFlight(3, 1, 2);
  expect(powerOfTwoChoices().pick(backends, request, scripted([0, 1]))?.id).toBe('b2');
  expect(powerOfTwoChoices().pick(backends, request, scripted([2, 1]))?.id).toBe('b1');
});

test('on a tie the first drawn is chosen', () => {
  const backends = withInFlight(2, 2, 2);
  expect(powerOfTwoChoices().pick(backends, request, scripted([1, 0]))?.id).toBe('b1');
});

test('the one busiest backend is never chosen', () => {
  const backends = withInFlight(4, 5, 4);
  const ctx = { nowUs: 0, rng: new Prng(4) };
  for (let i = 0; i < 10_000; i += 1) {
    expect(powerOfTwoChoices().pick(backends, request, ctx)?.id).not.toBe('b1');
  }
});

test('every pair is equally likely', () => {
  // The least loaded backend wins each of the n - 1 pairs it is in, of n (n - 1) / 2: with 5 backends that is 2/5 of the picks; the k-th
  // least loaded wins 2 (n - k) / (n (n - 1)). 20,000 picks; 5 standard deviations of a binomial are exceeded with probability 6e-7.
  const backends = withInFlight(0, 1, 2, 3, 4);
  const ctx = { nowUs: 0, rng: new Prng(8) };
  const counts = [0, 0, 0, 0, 0];
  const picks = 20_000;
  const picker = powerOfTwoChoices();
  for (let i = 0; i < picks; i += 1) counts[picker.pick(backends, request, ctx)!.inFlight]! += 1;
  counts.forEach((count, k) => {
    const p = (2 * (4 - k)) / 20;
    expect(Math.abs(count - picks * p)).toBeLessThanOrEqual(5 * Math.sqrt(picks * p * (1 - p)));
  });
});
