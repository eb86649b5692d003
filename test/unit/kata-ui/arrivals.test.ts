import { describe, expect, it } from 'vitest';
import { FAILURE, SERVED, type Failure } from '../../../engine/index.ts';
import {
  agreementWords,
  arrivalsOf,
  endingWords,
  openingWindow,
  percentileWords,
  requestWords,
  titleOf,
  twinsOf,
} from '../../../src/components/kata/arrivals.ts';
import type { RequestRows } from '../../../src/bridge/kata.ts';

type Row = readonly [sentUs: number, latencyUs: number, backend: number, outcome?: number];

function rowsOf(rows: readonly Row[]): RequestRows {
  return {
    client: new Uint16Array(rows.length),
    sentUs: Float64Array.from(rows, ([sentUs]) => sentUs),
    endedUs: Float64Array.from(rows, ([sentUs, latencyUs]) => sentUs + latencyUs),
    outcome: Uint8Array.from(rows, ([, , , outcome = SERVED]) => outcome),
    backend: Int32Array.from(rows, ([, , backend]) => backend),
    backends: ['s1', 's2'],
  };
}

const ms = 1_000;
const mine: Row[] = [
  [0, 40 * ms, 0],
  [10 * ms, 340 * ms, 1],
  [20 * ms, NaN, 1, 0],
  [30 * ms, 5 * ms, -1, FAILURE.noBackend],
];
const better = mine.map((row, at): Row => (at === 1 ? [10 * ms, 40 * ms, 0] : row));
const failure: Failure = {
  kind: 'wrong-answer',
  title: 'Moved',
  when: { atUs: 10 * ms, request: 2 },
  limitUs: 250 * ms,
};
const of = (reference: readonly Row[], failed: Failure | undefined = failure) =>
  arrivalsOf(
    [
      { id: 'yours', name: 'you', rows: rowsOf(mine) },
      { id: 'round-robin', name: 'round robin', rows: rowsOf(mine) },
      { id: 'reference', name: 'the reference', rows: rowsOf(reference) },
    ],
    failed,
  );

describe('the same arrivals under three policies', () => {
  it('are told in one sentence each: how many, how often the picks agreed, what the slowest hundredth waits', () => {
    const arrivals = of(better);
    expect(titleOf(arrivals)).toBe('Same 4 arrivals, three policies');
    expect(agreementWords(arrivals, 'picker')).toBe(
      'You and round robin chose alike 4 of 4 times, you and the reference 3 of 4.',
    );
    expect(percentileWords(arrivals)).toBe(
      'p99 of all: yours 340\u00a0ms, round robin 340\u00a0ms, reference 40\u00a0ms (n\u00a0=\u00a02).',
    );
    expect(requestWords(arrivals, 1)).toBe(
      'Request 2, sent at 10\u00a0ms: yours 340\u00a0ms, s2; round robin 340\u00a0ms, s2; reference 40\u00a0ms, s1',
    );
  });

  it('say what became of a request that was not served', () => {
    expect(of(better).candidates[0]!.endings.slice(2).map(endingWords)).toEqual(['no answer yet, s2', 'failed']);
  });

  it('know a run that is the learner’s own', () => {
    expect(twinsOf(of(better).candidates).map(({ id }) => id)).toEqual(['round-robin']);
    expect(twinsOf(of(mine).candidates)).toHaveLength(2);
  });

  it('pair by the time of sending, where waiting clients send at other times', () => {
    const later = mine.map(([sentUs, ...rest], at): Row => [at === 3 ? sentUs + 1 : sentUs, ...rest]);
    const arrivals = of(later);
    expect(arrivals.candidates[2]!.endings[3]).toBeUndefined();
    expect(agreementWords(arrivals, 'picker')).toContain('you and the reference 3 of 3. 1 of yours did not arrive');
  });

  it('ask where the answer of a policy is no backend only how requests ended', () => {
    const two = { ...of(better), candidates: of(better).candidates.filter(({ id }) => id !== 'round-robin') };
    expect(agreementWords(two, 'admission')).toBe('4 of 4 requests ended as with the reference, served or failed.');
    expect(agreementWords(two, 'affinity')).toBe('3 of 4 requests went to the same backend as with the reference.');
  });

  it('mark the first costly decision: its request, or the first sent after it', () => {
    expect(of(better).costly).toEqual({ index: 1, exact: true, atUs: 10 * ms });
    const between = { ...failure, when: { atUs: 15 * ms, request: 0 } };
    expect(of(better, between).costly).toEqual({ index: 2, exact: false, atUs: 15 * ms });
    expect(of(better, { ...failure, when: { atUs: 99 * ms, request: 0 } }).costly).toBeUndefined();
  });

  it('open with the costly decision a third into what is drawn, else where two policies part', () => {
    const long = Array.from({ length: 100 }, (_, at): Row => [at * ms, 40 * ms, 0]);
    const parted = long.map((row, at): Row => (at === 60 ? [at * ms, 40 * ms, 1] : row));
    const open = (request: number | undefined, reference: readonly Row[]) =>
      openingWindow(
        arrivalsOf(
          [long, reference].map((rows, at) => ({ id: at ? 'reference' : 'yours', name: '', rows: rowsOf(rows) })),
          request === undefined ? undefined : { ...failure, when: { atUs: 0, request } },
        ),
        30,
      );
    expect(open(51, parted)).toBe(40);
    expect(open(99, parted)).toBe(70);
    expect(open(undefined, parted)).toBe(50);
    expect(open(undefined, long)).toBe(0);
  });
});
