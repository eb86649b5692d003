import { expect, test } from 'vitest';
import { parseScenario } from '../../../engine/parse.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- the subject is input of the wrong shape */
type Loose = any;

function messageAfter(change: (scenario: Loose) => void): string {
  const backends = ['s1', 's2'].map((id) => ({ id, service: { default: { kind: 'constant', valueUs: 1_000 } } }));
  const scenario = {
    name: 'demo',
    title: 'Demo',
    shows: 'Something.',
    durationUs: 10_000_000,
    clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 } }],
    balancer: {},
    pools: [{ id: 'web', picker: { name: 'round-robin' }, backends }],
  };
  change(scenario);
  try {
    parseScenario(scenario, 'demo.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

const pick =
  (name: string, options = {}) =>
  (scenario: Loose) =>
    (scenario.pools[0].picker = { name, options });

test.each<[string, (scenario: Loose) => void, RegExp]>([
  ['an unknown algorithm', pick('round-robbin'), /pools\[0\]\.picker/],
  ['a weight below zero', (x) => (x.pools[0].backends[0].weight = -1), /pools\[0\]\.backends\[0\]\.weight/],
  ['no weight at all', (x) => (x.pools[0].backends[0].weight = x.pools[0].backends[1].weight = 0), /pools\[0\]/],
  ['an id twice', (x) => (x.pools[0].backends[1].id = 's1'), /pools\[0\]\.backends\[1\]\.id/],
  ['a rule to a missing pool', (x) => (x.balancer.routes = [{ pool: 'odl' }]), /balancer\.routes\[0\]/],
  ['a table whose size is no prime', pick('maglev', { tableSize: 1000 }), /pools\[0\]\.picker.*(prime|997|1009)/s],
  ['a ring too large', pick('ring-hash', { minimumRingSize: 1e9 }), /pools\[0\]\.picker/],
  ['an unknown affinity', (x) => (x.pools[0].affinity = { name: 'cookies' }), /pools\[0\]\.affinity/],
  ['an unknown limit', (x) => (x.balancer.rateLimits = [{ name: 'lekay' }]), /balancer\.rateLimits\[0\]/],
  [
    'a negative table',
    (x) => (x.pools[0].affinity = { name: 'session-table', options: { size: -1 } }),
    /pools\[0\]\.affinity/,
  ],
  ['an unknown outlier policy', (x) => (x.pools[0].outlier = { name: 'outliers' }), /pools\[0\]\.outlier/],
  [
    'more than all ejected',
    (x) => (x.pools[0].outlier = { name: 'outlier-detection', options: { maxEjectionPercent: 101 } }),
    /pools\[0\]\.outlier/,
  ],
  [
    'no rise',
    (x) => (x.pools[0].health = { policy: { name: 'haproxy-check', options: { rise: 0 } } }),
    /pools\[0\]\.health/,
  ],
  ['jitter of more than half', (x) => (x.pools[0].health = { jitter: 0.6 }), /pools\[0\]\.health\.jitter/],
  ['no workers', (x) => (x.pools[0].backends[0].workers = 0), /pools\[0\]\.backends\[0\]\.workers/],
  [
    'a port of two listeners',
    (x) => (x.balancer.listeners = ['a', 'b'].map((id) => ({ id, protocol: 'http', port: 80 }))),
    /balancer\.listeners\[1\]/,
  ],
  ['a misspelt retry field', (x) => (x.pools[0].retry = { atempts: 2 }), /pools\[0\]\.retry/],
  ['a misspelt queue field', (x) => (x.pools[0].queue = { sise: 2 }), /pools\[0\]\.queue/],
])('%s is refused, with field and remedy', (_, change, expected) => {
  const message = messageAfter(change);
  expect(message).toMatch(expected);
  // What was found, what is expected, and a sentence on how to mend it.
  expect(message).toMatch(/: found .+, expected .+[.] \w.+[.]/);
  expect(messageAfter(() => undefined)).toBe('no error');
});
