/** Smooth weighted round robin against nginx: recorded picks of nginx 1.22.1, and vectors computed from its definition. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { smoothWeightedRoundRobin } from '../../engine/pickers/smooth-weighted-round-robin.ts';
import { SmallPool } from '../contract/small-pool.ts';

interface Recording {
  readonly backends: readonly { readonly name: string; readonly weight: number; readonly down?: boolean }[];
  readonly picks: readonly string[];
  readonly version: string;
}

interface Vector {
  readonly id: string;
  readonly params: { readonly weights: readonly number[]; readonly down?: readonly number[] };
  readonly input: string | { readonly picks: number; readonly peer_0_down_for_picks?: readonly number[] };
  readonly expected: { readonly sequence: readonly (number | null)[] };
}

const data = new URL('data/', import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, data), 'utf8')) as unknown;

describe('recorded picks of nginx', () => {
  const files = readdirSync(data).filter((file) => file.startsWith('nginx-wrr-'));
  test.each(files)('%s', (file) => {
    const { backends, picks } = read(file) as Recording;
    const weights = backends.map(({ weight }) => weight);
    const pool = new SmallPool(smoothWeightedRoundRobin(), 1, weights);
    backends.forEach(({ down }, i) => pool.drain(i, down ?? false));
    expect(pool.sequence(picks.length).map((id) => backends[Number(id.slice(1))]!.name)).toEqual(picks);
  });

  test('there are recordings to replay', () => {
    expect(files.length).toBe(7);
  });
});

describe('vectors of the definition', () => {
  const { vectors } = read('nginx-smooth-wrr.json') as { readonly vectors: readonly Vector[] };
  test.each(vectors)('$id', ({ params, input, expected }) => {
    const pool = new SmallPool(smoothWeightedRoundRobin(), 1, params.weights);
    for (const i of params.down ?? []) pool.drain(i, true);
    const ids = expected.sequence.map((_, i) => {
      // Picks are counted from 1 where the vector says which of them find peer 0 down.
      if (typeof input === 'object' && input.peer_0_down_for_picks !== undefined)
        pool.drain(0, input.peer_0_down_for_picks.includes(i));
      const [id] = pool.sequence(1);
      // One request tried on one peer after another: who was tried is no longer eligible for it.
      if (typeof input === 'string' && id !== 'none') pool.drain(Number(id!.slice(1)), true);
      return id === 'none' ? null : Number(id!.slice(1));
    });
    expect(ids).toEqual(expected.sequence);
  });
});
