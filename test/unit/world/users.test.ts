import { describe, expect, it } from 'vitest';
import { Simulation } from '../../../engine/index.ts';
import type { AffinityPolicy, Request, ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, s, world } from './build.ts';

/** The requests that a picker sees in 10 s at 100 a second. */
function seen(client: Partial<ScenarioInput['clients'][number]>, affinity?: AffinityPolicy): Request[] {
  const requests: Request[] = [];
  const scenario = world({
    clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 100 }, ...client }],
    pools: [{ picker: { name: 'random' }, backends: alike(3, { service: { default: constant(ms(1)) } }) }],
  });
  const picker = { pick: (backends: readonly never[], request: Request) => (requests.push(request), backends[0]) };
  const simulation = new Simulation(scenario, {
    pools: new Map([['default', { picker, ...(affinity && { affinity }) }]]),
  });
  simulation.runUntil(s(10));
  return requests;
}

function grouped<Key>(requests: readonly Request[], keyOf: (request: Request) => Key): Map<Key, Request[]> {
  const groups = new Map<Key, Request[]>();
  for (const request of requests) groups.set(keyOf(request), [...(groups.get(keyOf(request)) ?? []), request]);
  return groups;
}

const distinct = (values: readonly unknown[]) => new Set(values).size;

describe('the users of a client', () => {
  it('have an address each', () => {
    expect(distinct(seen({}).map(({ sourceAddress }) => sourceAddress))).toBe(1);
    const addresses = seen({ users: 20 }).map(({ sourceAddress }) => sourceAddress);
    // That one of 20 never comes in 1,000 requests has a chance below 20 * 0.95^1000 = 10^-21.
    expect(distinct(addresses)).toBe(20);
    expect(addresses).toContain('198.51.100.20');
  });

  it('keep to their long-lived connections', () => {
    const requests = seen({ users: 3, connections: 6 });
    const ofConnection = grouped(requests, ({ connection }) => connection);
    expect(ofConnection.size).toBe(6);
    for (const own of ofConnection.values()) expect(distinct(own.map(({ sourceAddress }) => sourceAddress))).toBe(1);
  });

  it('bring back the cookies they got, and no others', () => {
    const affinity: AffinityPolicy = {
      find: () => undefined,
      remember: (_, request) =>
        request.headers['cookie'] === undefined ? `id=${request.sourceAddress}; Path=/` : undefined,
    };
    const requests = seen({ users: 4 }, affinity);
    for (const own of grouped(requests, ({ sourceAddress }) => sourceAddress).values()) {
      const [first, ...later] = own.map(({ headers }) => headers['cookie']);
      expect(first).toBeUndefined();
      expect(later.every((cookie) => cookie === `id=${own[0]!.sourceAddress}`)).toBe(true);
    }
  });
});

describe('keys of requests', () => {
  const requestOf = (keys: { count: number; zipf?: number }) => [
    { path: '/item/{key}', headers: { 'x-key': 'k{key}' }, keys, requestBytes: 300 },
  ];

  it('stand in the path and in headers', () => {
    const [first] = seen({ requests: requestOf({ count: 1 }) });
    expect(first).toMatchObject({ path: '/item/1', headers: { 'x-key': 'k1' }, bytes: 300 });
  });

  it('are drawn evenly, or by Zipf’s law', () => {
    const shareOfFirst = (keys: { count: number; zipf?: number }) => {
      const paths = seen({ requests: requestOf(keys) }).map(({ path }) => path);
      return paths.filter((path) => path === '/item/1').length / paths.length;
    };
    // Standard errors over 1,000 requests: sqrt(0.1 * 0.9 / 1000) = 0.0095 and sqrt(0.341 * 0.659 / 1000) = 0.015; four of them.
    expect(Math.abs(shareOfFirst({ count: 10 }) - 0.1)).toBeLessThan(0.038);
    // 1 / (1 + 1/2 + … + 1/10) = 0.3414.
    expect(Math.abs(shareOfFirst({ count: 10, zipf: 1 }) - 0.3414)).toBeLessThan(0.06);
  });
});
