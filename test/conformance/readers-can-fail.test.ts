/**
 * A reader that finds everything matched has found nothing. Here each vector that matches is given one wrong value, and each recording two kinds of wrong picks;
 * it must then differ. Where a spoiled place cannot be told, it says why.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../engine/cli/conform/conformance.ts';

type Document = Record<string, unknown>;
type Row = Document & { readonly id: string; readonly expected: unknown };
type Recorded = Document & { readonly picks: string | readonly string[] };
type Path = readonly (string | number)[];

const DATA = new URL('data/', import.meta.url);

function files(kind: string): string[] {
  return readdirSync(new URL(`${kind}/`, DATA)).filter((name) => name.endsWith('.json'));
}

function read(kind: string, name: string): Document {
  return JSON.parse(readFileSync(new URL(`${kind}/${name}`, DATA), 'utf8')) as Document;
}

function verdict(document: Document): string {
  return findingsOf('spoiled', document)[0]!.finding.is;
}

describe('vectors', () => {
  /** Values that words of a row stand for, which readers compare by what the words mean and not by how they are put. */
  const IN_WORDS: Readonly<Record<string, string>> = {
    'envoy-maglev#009': 'says in a sentence that the table is refused, and must differ only where it is not',
    'maglev-paper#002': 'counts the slots of the backend that failed, whose permutation the row does not give',
    'peak-ewma#001': 'gives ranges in words',
    'peak-ewma#002': 'gives ranges in words',
  };

  test.each(files('vectors'))('%s: a wrong value in the middle or at the end of a row is found', (name) => {
    const missed = new Set<string>();
    for (const row of read('vectors', name).vectors as Row[]) {
      if (verdict({ vectors: [row] }) !== 'matched') continue;
      const places = leaves(row.expected);
      for (const place of new Set([places[places.length >> 1]!, places.at(-1)!])) {
        if (verdict({ vectors: [{ ...row, expected: spoiled(row.expected, place) }] }) !== 'differing')
          missed.add(row.id);
      }
    }
    expect([...missed].filter((id) => !(id in IN_WORDS))).toEqual([]);
  });

  function leaves(value: unknown, path: Path = []): Path[] {
    if (typeof value !== 'object' || value === null) return [path];
    const found = Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
    return found.length > 0 ? found : [path];
  }

  function spoiled(value: unknown, [key, ...rest]: Path): unknown {
    if (key === undefined) return other(value);
    if (Array.isArray(value)) return (value as unknown[]).with(Number(key), spoiled(value[Number(key)], rest));
    return { ...(value as Document), [key]: spoiled((value as Document)[key], rest) };
  }

  function other(value: unknown): unknown {
    if (typeof value === 'number') return value + 1 + Math.abs(value);
    if (typeof value === 'boolean') return !value;
    if (typeof value !== 'string') return 'another';
    return /^-?\d+$/.test(value) ? String(BigInt(value) + 1n) : `${value} not`;
  }
});

describe('recordings', () => {
  /** Recordings whose single picks nothing in them determines. What they do determine is spoiled instead: how many each backend got. */
  const ONLY_COUNTS: readonly (readonly [of: RegExp, why: string])[] = [
    [
      /^(haproxy|nginx)-load-/,
      'many clients at once: the order in which requests reached the balancer is not recorded',
    ],
    [/^haproxy-random-/, "the draws of the process's own generator"],
    [/^haproxy-slowstart-/, 'timed: counts in half seconds, one more or less at each end'],
  ];
  /** Two picks next to each other may be swapped. */
  const ANY_ORDER: readonly (readonly [of: RegExp, why: string])[] = [
    [/^caddy-least_conn-/, 'ties are drawn: either order can be'],
    [/^nginx-two-workers-nozone/, 'two rotations interleaved in an unknown way: many orders can be'],
    [/^caddy-first-sequential|^haproxy-first-no-maxconn/, 'all picks are the same'],
  ];
  /** Recordings of times, without picks. */
  const TIMES: Readonly<Record<string, string>> = {
    'haproxy-httpchk-timing': 'detect_ms',
    'keepalived-vrrp-failover': 'first_client_reply_from_backup_ms',
  };

  test.each(files('recorded'))('%s: wrong picks are found', (name) => {
    const recording = read('recorded', name) as Recorded;
    if (verdict(recording) !== 'matched') return;
    const time = Object.keys(TIMES).find((stem) => name.startsWith(stem));
    if (time !== undefined) {
      const requests = (recording.requests as Document[]).map((row) => ({
        ...row,
        [TIMES[time]!]: Number(row[TIMES[time]!]) * 3,
      }));
      expect(verdict({ ...recording, requests })).toBe('differing');
      return;
    }
    const picks = Array.from(recording.picks);
    const withPicks = (wrong: readonly string[]) =>
      verdict({ ...recording, picks: typeof recording.picks === 'string' ? wrong.join('') : wrong });
    const names = new Set(picks);
    const [most, second = 's0'] = [...names].sort((a, b) => countOf(picks, b) - countOf(picks, a));

    if (ONLY_COUNTS.some(([of]) => of.test(name))) {
      expect(withPicks(picks.map((pick) => (pick === most ? second : pick)))).toBe('differing');
      return;
    }
    const middle = picks.length >> 1;
    const another = [...names].find((pick) => pick !== picks[middle]) ?? 's0';
    expect(withPicks(picks.with(middle, another))).toBe('differing');

    if (ANY_ORDER.some(([of]) => of.test(name))) return;
    const at = picks.findIndex(
      (pick, place) => place >= middle - 1 && place + 1 < picks.length && pick !== picks[place + 1],
    );
    if (at >= 0) expect(withPicks(picks.with(at, picks[at + 1]!).with(at + 1, picks[at]!))).toBe('differing');
  });

  function countOf(picks: readonly string[], name: string): number {
    return picks.filter((pick) => pick === name).length;
  }
});
