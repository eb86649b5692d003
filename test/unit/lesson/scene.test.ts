import { expect, test } from 'vitest';
import { type Frame, BACKEND, BELIEVED, DOT, LEG, TRUTH } from '../../../engine/index.ts';
import { barsOf, cellsOf, dotsOf, queuesOf } from '../../../src/components/lesson/scene.ts';
import { stageOf } from '../../../src/components/lesson/stage.ts';
import { backendStates, comparisons } from '../../../src/components/lesson/states.ts';
import { castWith } from './figures.ts';

const stage = stageOf(castWith(3), 800, { form: 'topology', compare: 'health', cells: 3 });
const count = (d: string): number => d.split('M').length - 1;
const xOf = (d: string): number => Number(/M([\d.]+)/.exec(d)![1]);

/** A frame in which each backend has these columns; the rest is 0. */
function frameWith(backends: Partial<Record<keyof typeof BACKEND, number>>[], dots: number[] = []): Frame {
  const columns = new Float64Array(backends.length * BACKEND.stride);
  backends.forEach((row, index) => {
    const full = { weight: 1, believed: BELIEVED.healthy, truth: TRUTH.healthy, slowFactor: 1, workers: 1, ...row };
    for (const [name, value] of Object.entries(full)) {
      columns[index * BACKEND.stride + BACKEND[name as keyof typeof BACKEND]] = value;
    }
  });
  return {
    nowUs: 0,
    ended: false,
    counts: { arrived: 0, served: 0, failed: 0 },
    lastPick: { request: 0, backend: -1 },
    backends: columns,
    workers: new Float32Array(backends.length),
    nodes: new Float64Array(0),
    fronts: new Float64Array(0),
    dots: Float32Array.from(dots),
    window: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 0),
    series: new Float64Array(0),
    events: new Float64Array(0),
  };
}

test('one tally for each request that waits, right up to the server', () => {
  const [first, , third] = queuesOf(stage.lanes, [7, 0, 23]);
  expect([count(first!.d), count(third!.d)]).toEqual([7, 23]);
  expect(first!.tailX).toBeLessThan(stage.lanes[0]!.queueEnd);
  expect(queuesOf(stage.lanes, [0, 0, 0])[0]).toEqual({ d: '', tailX: stage.lanes[0]!.queueEnd, each: 1 });
});

test('a longer queue looks longer, beside shorter ones as well', () => {
  for (const queued of [
    [80, 79, 3],
    [900, 500, 20],
  ]) {
    const lengths = queuesOf(stage.lanes, queued).map(({ tailX }, index) => stage.lanes[index]!.queueEnd - tailX);
    expect(lengths[0]).toBeGreaterThan(lengths[1]!);
    expect(lengths[1]).toBeGreaterThan(lengths[2]!);
    expect(lengths[0]).toBeLessThanOrEqual(stage.lanes[0]!.queueEnd - stage.lanes[0]!.queueStart);
  }
});

test('a queue too long for single marks takes one for ten, in every lane', () => {
  const queues = queuesOf(stage.lanes, [1000, 40, 0]);
  expect(queues.map(({ each }) => each)).toEqual([10, 10, 10]);
  expect(queues.map(({ d }) => count(d))).toEqual([100, 4, 0]);
});

test('a busy worker never looks idle, and more workers than fit share bars', () => {
  const server = stage.lanes[0]!.server;
  expect(count(barsOf(server, [0, 0.001, 1]).bars)).toBe(2);
  expect(count(barsOf(server, [0, 0.001, 1]).tracks)).toBe(3);
  expect(count(barsOf(server, new Array(200).fill(0.5)).tracks)).toBeLessThan(30);
});

test('a request on its way ends at the tail of the queue, and a response starts at the server', () => {
  const lane = stage.lanes[1]!;
  const states = [0, 20, 0];
  const queues = queuesOf(stage.lanes, states);
  const dot = (leg: number, progress: number): number[] => {
    const row = new Array<number>(DOT.stride);
    row[DOT.leg] = leg;
    row[DOT.client] = 0;
    row[DOT.backend] = 1;
    row[DOT.progress] = progress;
    row[DOT.node] = -1;
    row[DOT.front] = -1;
    return row;
  };
  const drawn = dotsOf(
    stage,
    frameWith([{}, { queued: 20 }, {}], [...dot(LEG.balancerToBackend, 1), ...dot(LEG.backendToBalancer, 0)]),
    queues,
  );
  expect(xOf(drawn.requests)).toBeCloseTo(queues[1]!.tailX, 0);
  expect(xOf(drawn.responses)).toBeCloseTo(lane.queueEnd, 0);
});

test('behind a tier a request goes from its own node to the backend, and what nobody is there for ends on the way', () => {
  const tiered = stageOf(castWith(3, 1, 1, 2), 800, { form: 'topology', compare: 'health', cells: 0 });
  const queues = queuesOf(tiered.lanes, [0, 0, 0]);
  const at = (leg: number, node: number, progress: number): { x: number; y: number } => {
    const row = new Array<number>(DOT.stride).fill(0);
    [row[DOT.leg], row[DOT.node], row[DOT.progress], row[DOT.backend]] = [leg, node, progress, 1];
    const found = /M([\d.]+) ([\d.]+)/.exec(dotsOf(tiered, frameWith([{}, {}, {}], row), queues).requests)!;
    return { x: Number(found[1]), y: Number(found[2]) };
  };
  tiered.nodes.forEach(({ box }, node) => {
    expect(at(LEG.clientToBalancer, node, 1)).toEqual({ x: box.x, y: box.y + box.height / 2 });
    expect(at(LEG.balancerToBackend, node, 0)).toEqual({ x: box.x + box.width, y: box.y + box.height / 2 });
  });
  expect(at(LEG.balancerToBackend, 0, 1).x).toBeCloseTo(tiered.lanes[1]!.queueEnd, 0);
  expect(at(LEG.clientToBalancer, -1, 1).x).toBeLessThan(tiered.nodes[0]!.box.x);
});

test('a request that a layer 4 node has not led on yet ends there, and its answer comes past all of them', () => {
  const stacked = stageOf(castWith(3, 1, 1, 2, 3), 800, { form: 'topology', compare: 'health', cells: 0 });
  const queues = queuesOf(stacked.lanes, [0, 0, 0]);
  const dotAt = (leg: number, node: number, progress: number) => {
    const row = new Array<number>(DOT.stride).fill(0);
    [row[DOT.leg], row[DOT.node], row[DOT.progress], row[DOT.front]] = [leg, node, progress, 1];
    return dotsOf(stacked, frameWith([{}, {}, {}], row), queues);
  };
  const { box } = stacked.fronts[1]!;
  expect(dotAt(LEG.clientToBalancer, -1, 1).requests).toBe(`M${box.x} ${box.y + box.height / 2}h0`);
  expect(xOf(dotAt(LEG.balancerToClient, 0, 0).responses)).toBe(stacked.nodes[0]!.box.x);
});

test('the balancer shows turns, counts in flight, or a cycle, whichever its picker decides by', () => {
  const states = backendStates(frameWith([{ inFlight: 4 }, { inFlight: 1 }, { inFlight: 2 }]));
  const cast = castWith(3);
  const pick = { request: 5, backend: 1 };
  const cells = (picker: string, picks = [pick], weights = [1, 1, 1]) =>
    cellsOf(
      { ...cast, pools: [{ ...cast.pools[0]!, picker }] },
      states.map((state, index) => ({ ...state, weight: weights[index]! })),
      pick,
      picks,
    );
  expect(cells('round-robin').map(({ text }) => text)).toEqual(['1', '2', '3']);
  expect(cells('least-connections').map(({ text, chosen }) => [text, chosen])).toEqual([
    ['4', false],
    ['1', true],
    ['2', false],
  ]);
  const picks = [1, 2, 3, 4, 5].map((request) => ({ request, backend: [0, 0, 2, 0, 1][request - 1]! }));
  expect(
    cells('smooth-weighted-round-robin', picks, [2, 1, 1]).map(({ text, chosen }) => (chosen ? `(${text})` : text)),
  ).toEqual(['1', '(2)', '1', '3']);
});

test('belief and truth agree when the balancer acts on what is so', () => {
  const agreeOf = (believed: number, truth: number): boolean =>
    comparisons(backendStates(frameWith([{ believed, truth }])), castWith(1), 'health')[0]!.agree;
  expect(agreeOf(BELIEVED.healthy, TRUTH.healthy)).toBe(true);
  expect(agreeOf(BELIEVED.healthy, TRUTH.slow)).toBe(false);
  expect(agreeOf(BELIEVED.healthy, TRUTH.hung)).toBe(false);
  expect(agreeOf(BELIEVED.unhealthy, TRUTH.crashed)).toBe(true);
  expect(agreeOf(BELIEVED.unhealthy, TRUTH.healthy)).toBe(false);
});

test('weights agree with capacity when their shares do', () => {
  const cast = {
    ...castWith(2),
    backends: castWith(2).backends.map((backend, index) => ({ ...backend, capacityRps: index ? 50 : 100 })),
  };
  const agree = (weight: number) =>
    comparisons(backendStates(frameWith([{ weight }, { weight: 1 }])), cast, 'capacity').map((row) => row.agree);
  expect(agree(1)).toEqual([false, false]);
  expect(agree(2)).toEqual([true, true]);
});
