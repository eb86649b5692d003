import { describe, expect, it } from 'vitest';
import type { AffinityPolicy, Request, ScenarioInput } from '../../../engine/index.ts';
import { policiesFor, Simulation } from '../../../engine/index.ts';
import { alike, constant, ms, s, world } from './build.ts';

type Pool = ScenarioInput['pools'][number];
type Timeline = ScenarioInput['timeline'];

/** Where each of 30 users went, second by second: 100 requests a second to four servers. */
function homes(pool: Partial<Pool>, timeline: Timeline): (user: string, fromS: number, toS: number) => Set<string> {
  const scenario = world({
    durationUs: s(30),
    clients: [{ id: 'c1', users: 30, arrivals: { kind: 'constant', rateRps: 100 } }],
    pools: [
      { picker: { name: 'round-robin' }, backends: alike(4, { service: { default: constant(ms(1)) } }), ...pool },
    ],
    timeline,
  });
  const policies = policiesFor(scenario);
  const visits: { user: string; backend: string; atUs: number }[] = [];
  const own = policies.pools.get('default')!;
  const { picker, affinity } = own;
  const seen = (backend: { id: string } | undefined, request: Request, atUs: number) => {
    if (backend !== undefined) visits.push({ user: request.sourceAddress, backend: backend.id, atUs });
  };
  const watched: AffinityPolicy | undefined = affinity && {
    ...affinity,
    onPoolChange: (backends, ctx) => affinity.onPoolChange?.(backends, ctx),
    find: (backends, request, ctx) => affinity.find(backends, request, ctx),
    remember: (backend, request, ctx) => (seen(backend, request, ctx.nowUs), affinity.remember(backend, request, ctx)),
  };
  const watchedPicker: typeof picker = {
    ...picker,
    pick: (backends, request, ctx) => {
      const answer = picker.pick(backends, request, ctx);
      if (affinity === undefined) seen(answer, request, ctx.nowUs);
      return answer;
    },
  };
  const simulation = new Simulation(scenario, {
    ...policies,
    pools: new Map([['default', { ...own, picker: watchedPicker, ...(watched && { affinity: watched }) }]]),
  });
  simulation.runToEnd();
  return (user, fromS, toS) =>
    new Set(
      visits.filter((v) => v.user === user && v.atUs >= s(fromS) && v.atUs < s(toS)).map(({ backend }) => backend),
    );
}

const users = Array.from({ length: 30 }, (_, user) => `198.51.100.${user + 1}`);
const cookie: Partial<Pool> = { affinity: { name: 'inserted-cookie', options: {} } };
const disabled: Timeline = [
  { do: 'disable', atUs: s(10), backend: 's1' },
  { do: 'enable', atUs: s(20), backend: 's1' },
];

describe('a server goes for maintenance and returns', () => {
  it('with a cookie its users move once, all others stay, and nobody moves back', () => {
    const at = homes(cookie, disabled);
    for (const user of users) {
      const before = at(user, 5, 10);
      const away = at(user, 10.1, 20);
      expect([before.size, away.size]).toEqual([1, 1]);
      expect(away.has('s1')).toBe(false);
      if (!before.has('s1')) expect(away).toEqual(before);
      expect(at(user, 20.1, 30)).toEqual(away);
    }
    expect(users.some((user) => at(user, 5, 10).has('s1'))).toBe(true);
  });

  it('with a hash of the source all its users move back', () => {
    const at = homes({ picker: { name: 'rendezvous' } }, disabled);
    for (const user of users) {
      expect(at(user, 10.1, 20).has('s1')).toBe(false);
      expect(at(user, 20.1, 30)).toEqual(at(user, 0, 10));
    }
    expect(users.some((user) => at(user, 0, 10).has('s1'))).toBe(true);
  });
});

it('a draining server keeps who is bound to it', () => {
  const at = homes(cookie, [{ do: 'drain', atUs: s(10), backend: 's1' }]);
  for (const user of users) expect(at(user, 10.1, 30)).toEqual(at(user, 5, 10));
  expect(users.some((user) => at(user, 10.1, 30).has('s1'))).toBe(true);
});
