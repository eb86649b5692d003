import fc from 'fast-check';
import type { Scenario } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { timeline } from './world/actions.ts';
import { backend } from './world/backends.ts';
import { anyClient, openClient } from './world/clients.ts';
import { intake } from './world/intake.ts';
import { links } from './world/faults.ts';
import { store } from './world/machines.ts';
import { pool } from './world/pools.ts';
import { DURATION_US, optional, seldom, shortTime } from './world/times.ts';

const timeoutUs = optional(fc.integer({ min: 1, max: 60_000 }));

const balancer = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      layer: fc.constant(4 as const),
      mode: seldom(fc.constantFrom('nat' as const, 'proxy' as const, 'dsr' as const)),
      connectionTable: seldom(fc.constant({ limit: 3, idleTimeoutUs: 20_000 })),
      timeoutUs,
      intake,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      layer: fc.constant(7 as const),
      timeoutUs,
      intake,
      routes: fc.constantFrom([], [{ pathPrefix: '/video', pool: 'b' }]),
    }),
  },
);

const input = fc.record({
  name: fc.constant('any'),
  title: fc.constant('Any'),
  shows: fc.constant('Anything.'),
  durationUs: fc.constant(DURATION_US),
  seed: fc.nat(0xffffffff),
  clients: fc.tuple(openClient('c1'), anyClient('c2')),
  network: fc.record({ clientToBalancer: shortTime, balancerToBackend: shortTime, links }),
  dependencies: store,
  balancer,
  pools: fc.tuple(
    pool('a', [backend('a1'), backend('a2'), fc.boolean().chain((backup) => backend('a3', { backup }))]),
    pool('b', [backend('b1'), fc.nat(1).chain((priority) => backend('b2', { priority }))]),
  ),
  timeline,
});

type Input = typeof input extends fc.Arbitrary<infer Value> ? Value : never;

/** What the schema refuses in a pool of such a balancer, because it could be set and would never work. */
const BLIND = ['retry', 'hedge', 'timeouts', 'queue', 'limits', 'outlier', 'breaker', 'affinity'] as const;
const WHOLE_WEIGHTS =
  /^(block-weighted-round-robin|ipvs-weighted-round-robin|caddy-weighted-round-robin|ketama|nginx-hash|nginx-ip-hash|haproxy-map-hash|haproxy-static-rr)$/;

/** Leaves out what does not go together. */
function fitted(world: Input): unknown {
  const { layer } = world.balancer;
  const isDirect = 'mode' in world.balancer && world.balancer.mode === 'dsr';
  const pools = world.pools.map((one) => ({
    ...one,
    ...(layer === 4 && { connections: undefined }),
    ...(WHOLE_WEIGHTS.test(one.picker.name) && { slowStart: undefined }),
    ...(isDirect && Object.fromEntries(BLIND.map((name) => [name, undefined]))),
  }));
  const mode = 'mode' in world.balancer ? world.balancer.mode : undefined;
  const passesUdp = layer === 4 && (mode ?? 'nat') === 'nat';
  const intake = layer === 7 || mode === 'proxy' ? world.balancer.intake : undefined;
  return {
    ...world,
    pools,
    balancer: { ...world.balancer, intake },
    timeline: world.timeline.filter((action) => intake !== undefined || !ATTACKS.includes(action.do)),
    clients: world.clients.map((client) => (passesUdp ? fittedClient(client) : overTcp(client))),
  };
}

const ATTACKS: readonly string[] = ['syn-flood', 'slow-loris'];

type Client = Input['clients'][number];

const overTcp = (client: Client) => ({ ...client, transport: 'tcp' });

/** Who sends datagrams opens nothing, closes nothing and does not wait for ever. */
const fittedClient = (client: Client) =>
  client.transport === 'tcp'
    ? client
    : { ...client, tcpHandshake: false, keepAlive: undefined, timeoutUs: client.timeoutUs ?? 60_000 };

/**
 * Small worlds with everything in them: both layers, two pools, every picker, checks, faults, limits, retries, queues that are full. What a part of
 * a world can be stands in a file of its own beside this one.
 */
export const worlds: fc.Arbitrary<Scenario> = input.map((world) => parseScenario(fitted(world), 'a generated world'));
