/** Power of two choices draws the pairs that Finagle's definition gives for the same draws. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../engine/core/backend.ts';
import { RequestView } from '../../engine/core/request.ts';
import { powerOfTwoChoices } from '../../engine/pickers/power-of-two-choices.ts';
import { scripted } from '../contract/small-pool.ts';

interface Vector {
  readonly id: string;
  readonly params: { readonly hosts: number };
  readonly input: { readonly draws: readonly number[] };
  readonly expected: readonly [number, number];
}

const { vectors } = JSON.parse(readFileSync(new URL('data/p2c-finagle.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[];
};

test.each(vectors)('$id', ({ params, input, expected: [first, second] }) => {
  const request = new RequestView(1, 1, {
    client: 'c',
    class: 'default',
    method: 'GET',
    host: '',
    path: '/',
    headers: {},
  });
  const backends = Array.from({ length: params.hosts }, (_, slot) => new BackendView(slot, `b${slot}`, 'a', 1));
  const pick = () => powerOfTwoChoices().pick(backends, request, scripted(input.draws));
  expect(pick()).toBe(backends[first]);
  // Only the second of the pair is freer than the first: it wins if and only if it was drawn.
  for (const view of backends) setInFlight(view, 1);
  setInFlight(backends[second]!, 0);
  expect(pick()).toBe(backends[second]);
});
