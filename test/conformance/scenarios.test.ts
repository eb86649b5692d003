import { expect } from 'vitest';
import { BELIEVED, EVENT_KIND, measure, readingsOf } from '../../engine/index.ts';
import type { Query, Scenario, Simulation } from '../../engine/index.ts';
import { ms, rowsOf, s, simulate } from '../unit/world/build.ts';
import { fromLibrary } from '../unit/world/library.ts';
import { shows } from './shows.ts';

/** The run of the same scenario, seed and all, with another picker. */
function underPicker(scenario: Scenario, seed: number, name: string, options = {}): Simulation {
  const other = simulate(
    { ...scenario, pools: scenario.pools.map((pool) => ({ ...pool, picker: { name, options } })) },
    { seed },
  );
  other.runToEnd();
  return other;
}

const ask = (simulation: Simulation, query: Query) => measure(simulation.log, query);
const queuesOf = (simulation: Simulation) =>
  Object.fromEntries(simulation.backends().map(({ id, queued }) => [id, queued]));

shows('equal-turns', (simulation, scenario) => {
  const shares = scenario.pools[0]!.backends.map(({ id }) => ask(simulation, { metric: 'share', backends: [id] }));
  for (const share of shares) expect(share).toBeCloseTo(0.2, 3);
  // 60 requests a second come and 50 can be done: the queues grow by about 10 a second each, the others' stay short.
  const queues = queuesOf(simulation);
  expect(Math.min(queues['s4']!, queues['s5']!)).toBeGreaterThan(80);
  expect(Math.max(queues['s1']!, queues['s2']!, queues['s3']!)).toBeLessThan(10);
});

shows('shares-match-capacity', (simulation, scenario) => {
  const middle = simulate(scenario, { seed: simulation.seed });
  middle.runUntil(s(8));
  const slowQueue = (run: Simulation) => queuesOf(run)['s4']! + queuesOf(run)['s5']!;
  expect(slowQueue(middle)).toBeGreaterThan(80);
  expect(slowQueue(simulation)).toBeLessThan(slowQueue(middle) / 2);
  expect(ask(simulation, { metric: 'share', backends: ['s4', 's5'], fromUs: s(8.1) })).toBeCloseTo(0.25, 2);
});

shows('one-slows-down', (simulation, scenario) => {
  const ill = simulate(scenario, { seed: simulation.seed });
  ill.runUntil(s(20) - 1);
  const [state] = ill.backends().filter(({ id }) => id === 's4');
  // 60 a second come, 21 can be done, for eight seconds.
  expect(state).toMatchObject({ believed: 'healthy', truth: 'slow' });
  expect(state!.queued).toBeGreaterThan(200);
  expect(ask(ill, { metric: 'share', backends: ['s4'], fromUs: s(12) })).toBeCloseTo(0.2, 2);
  expect(rowsOf(simulation, EVENT_KIND.health)).toEqual([]);
  const fair = underPicker(scenario, simulation.seed, 'least-connections');
  expect(ask(fair, { metric: 'p99' })).toBeLessThan(ask(simulation, { metric: 'p99' }) / 3);
});

shows('hang-under-tcp-check', (simulation) => {
  expect(rowsOf(simulation, EVENT_KIND.health)).toEqual([]);
  const lost = ask(simulation, { metric: 'failed', backends: ['s4'], fromUs: s(11.1) });
  expect(lost / ask(simulation, { metric: 'count', fromUs: s(11.1) })).toBeCloseTo(0.2, 1);
  expect(ask(simulation, { metric: 'failed', failure: 'abandoned' })).toBeGreaterThan(1000);
});

shows('hang-under-http-check', (simulation) => {
  const [out, back] = rowsOf(simulation, EVENT_KIND.health);
  expect(out![0]! - s(10)).toBeGreaterThanOrEqual(s(12));
  expect(out![0]! - s(10)).toBeLessThanOrEqual(s(17));
  expect(out![4]).toBe(BELIEVED.unhealthy);
  expect(back![4]).toBe(BELIEVED.healthy);
  const afterwards = { fromUs: out![0]! + s(1.1), toUs: s(40) };
  expect(ask(simulation, { metric: 'failed', backends: ['s4'], ...afterwards })).toBe(0);
});

shows('hang-under-passive-check', (simulation) => {
  const out = rowsOf(simulation, EVENT_KIND.health).filter(([, , , , belief]) => belief === BELIEVED.unhealthy);
  // Out a timeout after the third request that went there, and again each time it was let back in.
  expect(out[0]![0]! - s(10)).toBeLessThan(s(1.3));
  expect(out.length).toBeGreaterThanOrEqual(3);
  const lost = ask(simulation, { metric: 'failed', backends: ['s4'] });
  expect(lost).toBeGreaterThan(60);
  expect(lost).toBeLessThan(200);
});

shows('crash-attracts-traffic', (simulation, scenario) => {
  const [out] = rowsOf(simulation, EVENT_KIND.health);
  expect(out![0]! - s(10)).toBeLessThan(s(6.1));
  const blind = { fromUs: s(10), toUs: out![0]! };
  // A fifth would be fair. It is nearly always the idlest.
  expect(ask(simulation, { metric: 'share', backends: ['s2'], ...blind })).toBeGreaterThan(0.5);
  const turns = underPicker(scenario, simulation.seed, 'round-robin');
  expect(ask(turns, { metric: 'share', backends: ['s2'], ...blind })).toBeCloseTo(0.2, 2);
});

shows('few-connections-at-layer-4', (simulation, scenario) => {
  // Six connections over five backends can at best be 2:1:1:1:1.
  const shares = scenario.pools[0]!.backends.map(({ id }) => ask(simulation, { metric: 'share', backends: [id] }));
  expect(Math.max(...shares)).toBeGreaterThan(1 / 3 - 0.01);
  for (const share of shares) expect(share * 6).toBeCloseTo(Math.round(share * 6), 1);
  const seven = simulate({ ...scenario, balancer: { ...scenario.balancer, layer: 7 } }, { seed: simulation.seed });
  seven.runToEnd();
  for (const { id } of seven.backends()) expect(ask(seven, { metric: 'share', backends: [id] })).toBeCloseTo(0.2, 1);
});

shows('paths-to-pools', (simulation, scenario) => {
  const inPool = (classes: string[], pool: number) =>
    ask(simulation, { metric: 'share', classes, backends: scenario.pools[pool]!.backends.map(({ id }) => id) });
  expect([inPool(['page'], 0), inPool(['video'], 1)]).toEqual([1, 1]);
  // The same requests through a balancer that cannot read: pages queue behind videos on the cheap machines.
  const blind = simulate(
    { ...scenario, balancer: { layer: 4, routes: [], listeners: [], rateLimits: [] } },
    { seed: simulation.seed },
  );
  blind.runToEnd();
  const pages = { metric: 'p99', classes: ['page'] } as const;
  expect(ask(simulation, pages)).toBeLessThan(ms(200));
  expect(ask(blind, pages)).toBeGreaterThan(s(1));
});

shows('rolling-replacement', (simulation) => {
  expect(simulation.counts.failed).toBe(0);
  expect(simulation.backends().map(({ believed }) => believed)).toEqual(['removed', 'removed', 'healthy', 'healthy']);
  expect(simulation.backends().every(({ served }) => served > 100)).toBe(true);
});

shows('long-queue-or-fast-no', (simulation) => {
  const of = (backend: string, query: Omit<Query, 'backends'>) => ask(simulation, { ...query, backends: [backend] });
  for (const bounded of ['s1', 's2']) {
    expect(of(bounded, { metric: 'failed', failure: 'queueFull' })).toBeGreaterThan(0);
    expect(of(bounded, { metric: 'p50' })).toBeLessThan(of('s3', { metric: 'p50' }) / 2);
  }
  expect(of('s3', { metric: 'failed', failure: 'queueFull' })).toBe(0);
  expect(of('s3', { metric: 'failed', failure: 'timeout' })).toBeGreaterThan(100);
  expect(of('s3', { metric: 'served' })).toBeLessThan(of('s1', { metric: 'served' }));
});

shows('grpc-through-layer-4', (simulation) => {
  const sent = simulation.backends().map(({ id }) => ask(simulation, { metric: 'share', backends: [id] }));
  // Three connections, three turns: a third each, and nothing for the others.
  expect(sent.map((share) => share.toFixed(1))).toEqual(['0.3', '0.3', '0.3', '0.0', '0.0']);
});

shows('nothing-goes-wrong', (simulation) => {
  expect(simulation.counts.failed).toBe(0);
  expect(rowsOf(simulation, EVENT_KIND.health)).toEqual([]);
  const { backends } = readingsOf(simulation, 0, simulation.nowUs);
  // 60 a second each, 0.075 s of work, 8 workers: 0.56 of the capacity. Time of workers is served x mean work; its mean is off by less than a tenth.
  for (const { served } of backends) expect((served * 0.075) / (8 * 60)).toBeCloseTo(0.56, 1);
  expect(Math.max(...backends.map(({ queued }) => queued))).toBeLessThan(5);
});

const webP99 = (simulation: Simulation) => ask(simulation, { metric: 'p99', classes: ['web'] });

shows('video-anywhere', (simulation) => {
  const alone = simulate(fromLibrary('video-by-path'), { seed: simulation.seed });
  alone.runToEnd();
  expect(webP99(simulation)).toBeGreaterThan(3 * webP99(alone));
});

shows('video-by-path', (simulation) => {
  expect(ask(simulation, { metric: 'share', classes: ['video'], backends: ['g1', 'g2'] })).toBe(1);
  expect(ask(simulation, { metric: 'share', classes: ['web'], backends: ['g1', 'g2'] })).toBe(0);
  // A page needs 20 ms in the mean, so one in a hundred needs 92 ms: the rest is waiting, and no video of 400 ms.
  expect(webP99(simulation)).toBeLessThan(ms(200));
});

shows('weights-in-blocks', (simulation, scenario) => {
  const weights = scenario.pools[0]!.backends.map(({ weight }) => weight);
  const turn = weights.flatMap((weight, backend) => Array.from({ length: weight }, () => backend));
  const order = rowsOf(simulation, EVENT_KIND.picked).map(([, , , backend]) => backend);
  expect(order).toEqual(order.map((_, at) => turn[at % turn.length]));
  const interleaved = underPicker(scenario, simulation.seed, 'smooth-weighted-round-robin');
  const longest = (run: Simulation) =>
    Math.max(0, ...rowsOf(run, EVENT_KIND.queued).map(([, , , , length]) => length!));
  expect(longest(simulation)).toBeGreaterThan(longest(interleaved));
});

shows('errors-look-idle', (simulation) => {
  // Six in ten at the least go to the one that fails, where a fifth would be fair, and only while it does.
  const share = (fromUs: number, toUs: number) => ask(simulation, { metric: 'share', backends: ['s3'], fromUs, toUs });
  expect(share(s(10.5), s(20))).toBeGreaterThan(0.6);
  expect(share(0, s(10))).toBeLessThan(0.3);
});

shows('long-and-short', (simulation, scenario) => {
  const late = (run: Simulation) => ask(run, { metric: 'p99', classes: ['quick'] });
  expect(late(simulation)).toBeGreaterThan(s(1));
  // Quick ones need 5 ms and the way there and back.
  expect(late(underPicker(scenario, simulation.seed, 'least-connections'))).toBeLessThan(ms(20));
});

shows('newcomer-floods', (simulation, scenario) => {
  const joined = scenario.timeline.find((action) => action.do === 'add-backend')!;
  const share = (fromUs: number, toUs: number) => ask(simulation, { metric: 'share', backends: ['s5'], fromUs, toUs });
  expect(share(joined.atUs + 1, joined.atUs + s(1))).toBe(1);
  expect(share(s(35), s(40))).toBeLessThan(0.5);
});

shows('one-hot-key', (simulation, scenario) => {
  const queues = (run: Simulation) => Object.values(queuesOf(run)).sort((one, other) => other - one);
  const middle = simulate(scenario, { seed: simulation.seed });
  middle.runUntil(s(10));
  const [longest = 0, second = 0] = queues(simulation);
  expect(longest).toBeGreaterThan(1.5 * queues(middle)[0]!);
  expect(longest).toBeGreaterThan(10 * (second + 1));
  expect(
    queues(underPicker(scenario, simulation.seed, 'bounded-load', scenario.pools[0]!.picker.options))[0],
  ).toBeLessThan(longest / 10);
});

shows('ten-busy', (simulation, scenario) => {
  const mean = (run: Simulation) => ask(run, { metric: 'mean' });
  expect(mean(simulation)).toBeGreaterThan(1.5 * mean(underPicker(scenario, simulation.seed, 'power-of-two-choices')));
});

shows('hundred-busy', (simulation, scenario) => {
  // Theory: 1,000 ms by chance and 265 ms with two choices, so that waiting is 900 and 165 ms. The first 40 s fill the queues.
  const mean = (run: Simulation) => ask(run, { metric: 'mean', fromUs: s(40) });
  expect(mean(simulation)).toBeGreaterThan(ms(700));
  expect(mean(underPicker(scenario, simulation.seed, 'power-of-two-choices'))).toBeLessThan(ms(300));
});
