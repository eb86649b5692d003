import { expect, test } from 'vitest';
import { EVENT_KIND } from '../../../engine/index.ts';
import { alike, exponential, ms, rowsOf, s, simulate, world } from './build.ts';

const scenario = world({
  durationUs: s(5),
  clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 300 } }],
  pools: [
    {
      picker: { name: 'round-robin' },
      health: { intervalUs: s(1) },
      backends: alike(2, { service: { default: exponential(ms(5)) }, queueLimit: 3 }),
    },
  ],
  timeline: [{ do: 'crash', atUs: s(2), backend: 's1' }],
});

test('an observer hears what the trace holds, in its order, and the run is the same without it', () => {
  const heard: number[][] = [];
  const observer = {
    arrived: (id: number, nowUs: number) => heard.push([nowUs, EVENT_KIND.arrived, id]),
    picked: (id: number, backend: number, nowUs: number) => heard.push([nowUs, EVENT_KIND.picked, id, backend]),
    queued: (id: number, backend: number, nowUs: number) => heard.push([nowUs, EVENT_KIND.queued, id, backend]),
    served: (id: number, backend: number, latencyUs: number, nowUs: number) =>
      heard.push([nowUs, EVENT_KIND.served, id, backend, latencyUs]),
    failed: (id: number, backend: number, failure: number, nowUs: number) =>
      heard.push([nowUs, EVENT_KIND.failed, id, backend, failure]),
    health: (backend: number, belief: number, nowUs: number) =>
      heard.push([nowUs, EVENT_KIND.health, 0, backend, belief]),
  };
  const watched = simulate(scenario, { observer });
  watched.runToEnd();
  const kinds = [...new Set(heard.map(([, kind]) => kind!))];
  const rows = rowsOf(watched, ...kinds);
  expect(kinds).toHaveLength(6);
  expect(heard).toEqual(rows.map((row, at) => row.slice(0, heard[at]!.length)));

  const alone = simulate(scenario);
  alone.runToEnd();
  expect(watched.digest()).toBe(alone.digest());
});
