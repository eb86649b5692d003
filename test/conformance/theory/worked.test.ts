/**
 * `npm run theory` over the worked numbers of popular guides: each expected value is an experiment. Here run those that take little; the whole file takes minutes
 * and is run by hand.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../../engine/cli/theory/read.ts';
import type { Row } from '../../../engine/cli/theory/row.ts';
import { judge } from '../../../engine/cli/theory/verdict.ts';
import { WORKED } from '../../../engine/cli/theory/worked/kinds.ts';

const FILE = new URL('../data/worked-numbers.json', import.meta.url).pathname;
const rows = rowsOf(FILE, readFileSync(FILE, 'utf8'));
const verdictOn = (row: Row) => judge(row, { seed: 1, quick: true, rows });

/** Experiments that need less than some 100,000 requests. */
const LIGHT =
  /^(wrr|wlc|hang-detect-(5-2-3\/[1-4]|30x5|10x3)|vrrp\/[1-4]|active-active|dns-ttl\/2|geodns-anycast\/[23]|ecmp-size\/5|drain\/3|slow-start\/3|ch-remap\/[23]|sticky-crash\/1|whale\/1|single-vs-five\/4|hetero-rr\/1)/;
const light = rows.filter(({ id }) => LIGHT.test(id));

test('there is exactly one experiment for every worked number', () => {
  const takers = rows.map((row) => [row.id, WORKED.filter(({ takes }) => takes(row)).length]);
  expect(takers).toEqual(rows.map(({ id }) => [id, 1]));
});

describe('worked numbers come out', () => {
  test.each(light.map((row) => [row.id, row] as const))('%s', (_, row) => {
    const { is, line } = verdictOn(row);
    expect(is, line).toBe('within');
  });
});

describe('a wrong number is found outside', () => {
  const wrong = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(wrong);
    return typeof value === 'number' ? value * 1.5 + 1 : 'CBA';
  };
  test.each(light.filter((_, at) => at % 4 === 0).map((row) => [row.id, row] as const))('%s', (_, row) => {
    const { is, line } = verdictOn({ ...row, expected: wrong(row.expected) });
    expect(is, line).toBe('outside');
  });
});

describe('what the guides claim', () => {
  test('a hung server is by no means always out after interval times threshold', () => {
    const row = rows.find(({ id }) => id === 'hang-detect-5-2-3/2')!;
    // "Within 15 s" as a bound would be every time.
    expect(verdictOn({ ...row, expected: 1 }).is).toBe('outside');
  });
});

describe('a file of worked numbers', () => {
  const file = (experiments: unknown) => JSON.stringify({ note: '', experiments });

  test('is read with tolerances as numbers, as lists and in words', () => {
    const read = rowsOf(
      'w.json',
      file([
        {
          id: 'x',
          scenario: { N: 1 },
          expected: [
            { metric: 'a', value: [1, 2], tolerance_abs: [0.1, 0.2] },
            { metric: 'b', value: 1, tolerance_note: '3% (2e6 requests)' },
            { metric: 'c', value: 1, tolerance_note: 'exact +-1 request' },
          ],
        },
      ]),
    );
    expect(read.map(({ id }) => id)).toEqual(['x/1', 'x/2', 'x/3']);
    expect(read[0]).toMatchObject({ expected: [1, 2], tolerance_abs: [0.1, 0.2] });
    expect(read[1]).toMatchObject({ tolerance_rel: 0.03, requests_needed: 2_000_000 });
    expect(read[2]).not.toHaveProperty('tolerance_rel');
  });

  test('says where it is wrong', () => {
    expect(() => rowsOf('w.json', file(1))).toThrow('w.json: field "experiments": found number, expected a list');
    expect(() => rowsOf('w.json', file([{ id: 'x' }]))).toThrow('w.json: experiments 0: field "expected"');
  });

  test('has no experiment for what it does not know, and says so', () => {
    const [row] = rowsOf(
      'w.json',
      file([{ id: 'x', scenario: { hue: 1 }, expected: [{ metric: 'shade', value: 1 }] }]),
    );
    expect(verdictOn(row!)).toMatchObject({ is: 'not applicable' });
  });
});
