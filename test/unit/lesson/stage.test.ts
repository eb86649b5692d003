import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthOf, pointAt } from '../../../src/components/lesson/line.ts';
import { WIDE_FROM, stageOf } from '../../../src/components/lesson/stage.ts';
import { castWith } from './figures.ts';

const options = { form: 'topology', compare: 'health', cells: 5 } as const;
const anyFigure = {
  backends: fc.integer({ min: 1, max: 10 }),
  nodes: fc.integer({ min: 0, max: 14 }),
  clients: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 286, max: 1500 }),
  cells: fc.integer({ min: 0, max: 10 }),
  form: fc.constantFrom('topology' as const, 'lanes' as const),
  compare: fc.constantFrom('health' as const, 'capacity' as const, 'share' as const),
};

test('at any width everything stands inside the picture', () => {
  fc.assert(
    fc.property(fc.record(anyFigure), ({ backends, nodes, clients, width, cells, form, compare }) => {
      const stage = stageOf(castWith(backends, clients, 1, nodes), width, { form, compare, cells });
      const boxes = [
        ...stage.lanes.map(({ server }) => server),
        ...(stage.balancer ? [stage.balancer.box] : []),
        ...stage.nodes.map(({ box }) => box),
        ...(clients <= 4 ? stage.clients.map(({ box }) => box) : []),
      ];
      for (const box of boxes) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(stage.height);
      }
    }),
  );
});

test('at any width a queue has room and ends at its server, and lanes do not touch', () => {
  fc.assert(
    fc.property(fc.record(anyFigure), ({ backends, nodes, clients, width, cells, form, compare }) => {
      const { lanes } = stageOf(castWith(backends, clients, 1, nodes), width, { form, compare, cells });
      lanes.forEach((lane, index) => {
        expect(lane.queueEnd - lane.queueStart).toBeGreaterThan(60);
        expect(lane.queueEnd).toBeLessThan(lane.server.x);
        const above = lanes[index - 1];
        if (above) expect(lane.server.y).toBeGreaterThan(above.server.y + above.server.height);
      });
    }),
  );
});

test('a narrow figure is another drawing, not a smaller one: text keeps its size', () => {
  const cast = castWith(5, 3);
  expect(stageOf(cast, WIDE_FROM, options).form).toBe('wide');
  const phone = stageOf(cast, 358, options);
  expect(phone.form).toBe('phone');
  expect(phone.text).toBeGreaterThanOrEqual(14);
});

test('clients that are too many for boxes of their own share one, and each still has a line', () => {
  const stage = stageOf(castWith(3, 9), 800, options);
  expect(stage.clients.map(({ label }) => label)).toEqual(['9 clients']);
  expect(stage.ways).toHaveLength(9);
});

test('balancers of a tier do not touch, each has a line from every client, and all lines to backends begin where theirs end', () => {
  for (const width of [286, 358, 800, 1300]) {
    for (const count of [1, 2, 3, 5, 10, 14]) {
      const { nodes, ways, lanes, balancer } = stageOf(castWith(5, 2, 1, count), width, options);
      expect(balancer).toBeUndefined();
      expect(nodes).toHaveLength(count);
      for (const { toNodes } of ways) expect(toNodes).toHaveLength(count);
      nodes.forEach(({ box, out }, index) => {
        const [start, end] = [pointAt(out, 0), pointAt(out, lengthOf(out))];
        expect(start.x).toBeGreaterThanOrEqual(box.x);
        expect(start.x).toBeLessThanOrEqual(box.x + box.width);
        for (const { line } of lanes) expect(pointAt(line, 0)).toEqual(end);
        for (const other of nodes.slice(index + 1)) {
          const apart =
            other.box.x >= box.x + box.width ||
            box.x >= other.box.x + other.box.width ||
            other.box.y >= box.y + box.height;
          expect(apart).toBe(true);
        }
      });
    }
  }
});

test('layer 4 nodes stand between clients and balancers, with a line from every client and one to every balancer', () => {
  for (const width of [286, 358, 720, 800, 1300]) {
    for (const [fronts, count] of [
      [1, 2],
      [3, 5],
      [4, 10],
    ] as const) {
      const stage = stageOf(castWith(4, 2, 1, count, fronts), width, options);
      expect(stage.fronts).toHaveLength(fronts);
      for (const { box, from, toNodes } of stage.fronts) {
        const isWide = stage.form === 'wide';
        for (const client of stage.clients)
          expect(isWide ? box.x : box.y).toBeGreaterThan(
            isWide ? client.box.x + client.box.width : client.box.y + client.box.height,
          );
        for (const node of stage.nodes)
          expect(isWide ? node.box.x : node.box.y).toBeGreaterThan(isWide ? box.x + box.width : box.y + box.height);
        expect([from.length, toNodes.length]).toEqual([stage.clients.length, count]);
        const end = pointAt(from[0]!, lengthOf(from[0]!));
        expect(isWide ? end.x : end.y).toBeCloseTo(isWide ? box.x : box.y, 6);
        expect(box.y + box.height).toBeLessThan(stage.height);
      }
      for (const { queueStart, queueEnd } of stage.lanes) expect(queueEnd - queueStart).toBeGreaterThan(60);
      if (stage.rate !== undefined) expect(stage.rate.y).toBeLessThan(stage.height);
    }
  }
});

test('with several pools each has a label above its first lane', () => {
  const stage = stageOf(castWith(6, 1, 2), 800, options);
  expect(stage.poolLabels.map(({ text }) => text)).toEqual(['pool pool-1, round robin', 'pool pool-2, round robin']);
  const [first, second] = [stage.lanes[0]!, stage.lanes[3]!];
  expect(stage.poolLabels[0]!.at.y).toBeLessThan(first.server.y);
  expect(stage.poolLabels[1]!.at.y).toBeGreaterThan(stage.lanes[2]!.server.y + stage.lanes[2]!.server.height);
  expect(stage.poolLabels[1]!.at.y).toBeLessThan(second.server.y);
});

test('a dot covers its line at an even pace, from end to end', () => {
  for (const { line } of [
    ...stageOf(castWith(5, 3), 800, options).lanes,
    ...stageOf(castWith(5, 3), 358, options).lanes,
  ]) {
    const length = lengthOf(line);
    const parts = Array.from({ length: 41 }, (_, index) => pointAt(line, (index * length) / 40));
    const hops = parts.slice(1).map(({ x, y }, index) => Math.hypot(x - parts[index]!.x, y - parts[index]!.y));
    // A chord across a corner is shorter than the way round it, never longer.
    for (const hop of hops) expect(hop).toBeLessThanOrEqual(length / 40 + 1e-6);
    expect(pointAt(line, 0)).toEqual({ x: line.xs[0], y: line.ys[0] });
    expect(pointAt(line, length)).toEqual({ x: line.xs.at(-1), y: line.ys.at(-1) });
  }
});
