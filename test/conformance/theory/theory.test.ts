/**
 * `npm run theory` over rows of theory: queues, hashing, detection, overload. The seed was fixed before the first run and no other is tried. Here run the rows that
 * need few requests; the whole file takes minutes and is run by hand.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KINDS } from '../../../engine/cli/theory/kinds.ts';
import { rowsOf } from '../../../engine/cli/theory/read.ts';
import type { Row } from '../../../engine/cli/theory/row.ts';
import { judge } from '../../../engine/cli/theory/verdict.ts';

const SEED = 1;
const FILE = new URL('../data/theory.json', import.meta.url).pathname;
const rows = rowsOf(FILE, readFileSync(FILE, 'utf8'));
const verdictOn = (row: Row) => judge(row, { seed: SEED, quick: true, rows });
const kindOf = (row: Row) => KINDS.find(({ takes }) => takes(row));

/** Rings of a thousand points, tables of a million slots and pools of a hundred cost more than their requests say. */
const isDear = ({ id }: Row) => /V1000|N100\b|N1000|655373|paper|bins-n10000|V1-c/.test(id);
/** Of each kind the first row that needs few requests; queues have a test of their own, with tighter tolerances. */
const few = KINDS.flatMap((kind) =>
  rows
    .filter((row) => kindOf(row) === kind && !isDear(row) && (row.requests_needed ?? 0) <= 200_000)
    .slice(0, kind.name === 'queues in the long run' ? 6 : 1),
);

describe('rows that need few requests are within their tolerance', () => {
  test.each(few.map((row) => [row.id, row] as const))('%s', (_, row) => {
    const { is, line } = verdictOn(row);
    expect(is, line).toBe('within');
  });
});

/** All numbers of an expected value as a wrong engine would have them; letters in another order. */
function spoiled(value: unknown): unknown {
  if (typeof value === 'number') return value * 3 + 1;
  if (Array.isArray(value)) return value.map(spoiled);
  return typeof value === 'string' ? `x${value.split('').reverse().join('')}` : value;
}

describe('a spoiled expected value is found outside', () => {
  const one = KINDS.flatMap(({ name, takes }) => {
    const row = rows.find((each) => takes(each) && kindOf(each)?.name === name && !isDear(each));
    return row === undefined ? [] : [[name, row] as const];
  });

  test('there is a row of every kind', () => {
    expect(one.map(([name]) => name)).toEqual(KINDS.map(({ name }) => name));
  });

  test.each(one)('%s', (_, row) => {
    // Few requests do: what is wrong is wrong by far.
    const requests = Math.min(row.requests_needed ?? 0, 60_000);
    const limited = row.requests_needed === undefined ? row : { ...row, requests_needed: requests };
    const { is, line } = verdictOn({ ...limited, expected: spoiled(row.expected) });
    expect(is, line).toBe('outside');
  });
});

describe('the command', () => {
  const command = new URL('../../../engine/cli/theory.ts', import.meta.url).pathname;
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args, '--workers', '1'], {
      encoding: 'utf8',
    });
    return { status, lines: stdout.trimEnd().split('\n'), stderr };
  };
  const fileOf = (document: unknown) => {
    const path = join(mkdtempSync(join(tmpdir(), 'theory-')), 'rows.json');
    writeFileSync(path, JSON.stringify(document));
    return path;
  };
  const jain = (id: string, expected: number) => ({
    id,
    scenario: { loads: [1, 0] },
    metric: 'Jain index',
    expected,
    tolerance_abs: 1e-9,
  });
  const unknown = { id: 'odd', scenario: { colour: 'blue' }, metric: 'hue', expected: 1 };

  test('prints a line for each row, counts them in the last, and ends well when nothing is outside', () => {
    const { status, lines } = run(fileOf([jain('fair', 0.5), unknown]));
    expect(lines[0]).toBe('fair: within: expected 0.5, got 0.5, tolerance 1e-9, requests 0');
    expect(lines[1]).toContain('odd: not applicable: no experiment here has the scenario fields colour');
    expect(lines.at(-1)).toBe('within 1, outside 0, not applicable 1');
    expect(status).toBe(0);
  });

  test('ends with 1 when a row is outside, and still runs the others', () => {
    const { status, lines } = run(fileOf([jain('wrong', 0.9), jain('fair', 0.5)]));
    expect(lines[0]).toContain('wrong: outside: expected 0.9, got 0.5');
    expect(lines.at(-1)).toBe('within 1, outside 1, not applicable 0');
    expect(status).toBe(1);
  });

  test('runs only the rows that are asked for', () => {
    expect(run(fileOf([jain('wrong', 0.9), jain('fair', 0.5)]), '--only', 'fair').lines.at(-1)).toBe(
      'within 1, outside 0, not applicable 0',
    );
  });

  test('says what is wrong with a file, and where', () => {
    const { status, stderr } = run(fileOf([{ id: 'x', metric: 1, scenario: {}, expected: 1 }]));
    expect(stderr).toMatch(/row 0: field "metric": found 1, expected a text/);
    expect(status).toBe(2);
  });
});
