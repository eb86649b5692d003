/**
 * Least connections against recorded picks of nginx, Apache and Caddy with equal weights. They settle ties in three different ways, so what is
 * compared is what they agree on: each recorded pick is one of those that ours draws among, with the same requests under way.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../engine/core/backend.ts';
import type { Picker } from '../../engine/core/policy.ts';
import { RequestView } from '../../engine/core/request.ts';
import { leastConnections } from '../../engine/pickers/least-connections.ts';

interface Recording {
  readonly backends: readonly { readonly name: string }[];
  readonly events: readonly (readonly ['start' | 'end', string])[];
  /** Of each start in turn. */
  readonly picks: readonly string[];
}

const data = new URL('data/', import.meta.url);
const files = readdirSync(data).filter((file) => file.startsWith('least-connections-'));
const outcome = { kind: 'served', status: 200, latencyUs: 1, bytes: 0 } as const;
const ctx = { nowUs: 0, rng: { float: () => 0, int: () => 0 } };
const facts = { client: 'c1', class: 'default', method: 'GET', host: '', path: '/', headers: {} };

/** The ids of all answers the picker can give now, one for each number it may draw. */
function possible(picker: Picker, backends: readonly BackendView[], request: RequestView): string[] {
  const ids: string[] = [];
  let among = 1;
  for (let drawn = 0; drawn < among; drawn += 1) {
    const int = (bound: number) => {
      among = bound;
      return drawn;
    };
    ids.push(picker.pick(backends, request, { ...ctx, rng: { ...ctx.rng, int } })!.id);
  }
  return ids;
}

test('there are recordings to replay', () => {
  expect(files.length).toBe(7);
});

test.each(files)('%s', (file) => {
  const { backends, events, picks } = JSON.parse(readFileSync(new URL(file, data), 'utf8')) as Recording;
  const views = backends.map(({ name }, slot) => new BackendView(slot, name, 'a', 1));
  const picker = leastConnections();
  picker.onPoolChange?.(views, ctx);
  const open = new Map<string, { readonly backend: BackendView; readonly request: RequestView }>();
  let starts = 0;
  for (const [event, name] of events) {
    if (event === 'end') {
      const { backend, request } = open.get(name)!;
      setInFlight(backend, backend.inFlight - 1);
      picker.onRequestEnd?.(backend, request, outcome, ctx);
      continue;
    }
    const request = new RequestView(starts + 1, starts + 1, facts);
    const chosen = picks[starts]!;
    expect(possible(picker, views, request)).toContain(chosen);
    const backend = views.find(({ id }) => id === chosen)!;
    setInFlight(backend, backend.inFlight + 1);
    picker.onRequestStart?.(backend, request, ctx);
    open.set(name, { backend, request });
    starts += 1;
  }
  expect(starts).toBe(picks.length);
});
