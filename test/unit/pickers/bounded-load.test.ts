import { describe, expect, test } from 'vitest';
import { boundedLoad, slotsInAll, slotsOf } from '../../../engine/pickers/bounded-load.ts';
import { grpcRingHash } from '../../../engine/pickers/grpc-ring-hash.ts';
import { ketama } from '../../../engine/pickers/ketama.ts';
import { maglev } from '../../../engine/pickers/maglev.ts';
import { rendezvous } from '../../../engine/pickers/rendezvous.ts';
import { ringHash } from '../../../engine/pickers/ring-hash.ts';
import { CandidateOrder } from '../../../engine/pickers/candidate-order.ts';
import { SmallPool } from '../../contract/small-pool.ts';

const inners = {
  maglev: () => maglev({ key: 'path', tableSize: 1009 }),
  rendezvous: () => rendezvous({ key: 'path' }),
  ketama: () => ketama({ key: 'path' }),
  'ring hash': () => ringHash({ key: 'path' }),
  'gRPC ring hash': () => grpcRingHash({ key: 'path' }),
};

describe.each(Object.entries(inners))('bounded load over %s, with one key for all requests', (_, inner) => {
  test.each([100, 125, 150, 200])('never goes above its bound at a factor of %i', (factor) => {
    const weights = [1, 2, 1, 4];
    const pool = new SmallPool(boundedLoad(inner(), { key: 'path', factor }), 1, weights);
    for (let open = 0; open < 200; open++) {
      const backend = pool.send()!;
      // It had at most its slots before this one came.
      const slots = slotsOf(slotsInAll(open, factor), backend.weight / 8);
      expect(backend.inFlight).toBeLessThanOrEqual(slots + 1);
    }
  });

  test('stays with the first choice while that has room', () => {
    const pool = new SmallPool(boundedLoad(inner(), { key: 'path' }), 1, [1, 1, 1]);
    expect(new Set(pool.sequence(100)).size).toBe(1);
  });

  test('counts down again when requests end', () => {
    const pool = new SmallPool(boundedLoad(inner(), { key: 'path' }), 1, [1, 1, 1]);
    const [home] = pool.sequence(1);
    for (let i = 0; i < 30; i++) pool.send();
    while (pool.open.length > 0) pool.end(0);
    expect(pool.sequence(1)).toEqual([home]);
  });
});

test('what the picker inside needs to be told or to have, the one around it has as well', () => {
  const heard: number[] = [];
  const around = boundedLoad({ ...ketama(), onMembersChange: (members) => heard.push(members.length) });
  expect(around.skipsFull).toBe(true);
  const pool = new SmallPool(around, 1, [1, 1, 1]);
  around.onMembersChange!(pool.eligible, pool.ctx);
  expect(heard).toEqual([3]);
  expect(boundedLoad(maglev())).not.toHaveProperty('onMembersChange');
});

test('an order of candidates holds each once, and depends on nothing asked before', () => {
  const used = new CandidateOrder();
  used.start(99, 20);
  for (let step = 0; step < 7; step++) used.next();
  used.start(5, 20);
  const fresh = new CandidateOrder();
  fresh.start(5, 20);
  const orders = [used, fresh].map((order) => Array.from({ length: 20 }, () => order.next()));
  expect(orders[0]).toEqual(orders[1]);
  expect(new Set(orders[0]).size).toBe(20);
});
