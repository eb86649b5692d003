import fc from 'fast-check';
import { seldom, serviceTime } from './times.ts';

/** Between two pauses: not so short that there is nothing else. */
const gap = fc.integer({ min: 5_000, max: 100_000 }).map((meanUs) => ({ kind: 'exponential', meanUs }) as const);

/** What a backend may have beside workers and a queue. */
export const machine = {
  cache: seldom(
    fc.oneof(
      fc.record({
        warms: fc.constant('curve' as const),
        warmRequests: fc.integer({ min: 1, max: 20 }),
        miss: serviceTime,
      }),
      fc.record({ warms: fc.constant('keys' as const), capacity: fc.integer({ min: 1, max: 3 }), miss: serviceTime }),
    ),
  ),
  collector: seldom(
    fc.oneof(
      fc.record({ after: fc.constant('time' as const), every: gap, pause: serviceTime }),
      fc.record({
        after: fc.constant('allocation' as const),
        bytesPerRequest: fc.constant(1),
        heapBytes: fc.integer({ min: 1, max: 5 }),
        pause: serviceTime,
      }),
    ),
  ),
  connectionLimit: seldom(fc.record({ max: fc.integer({ min: 1, max: 3 }), backlog: fc.nat(2) })),
};

/** What backends depend on by the name "store": a station, or no more than a switch. */
export const store = fc.oneof(
  fc.constant([]),
  fc
    .record({
      id: fc.constant('store'),
      workers: fc.integer({ min: 1, max: 2 }),
      queueLimit: seldom(fc.nat(2)),
      service: serviceTime,
      timeoutUs: seldom(fc.integer({ min: 1, max: 60_000 })),
    })
    .map((one) => [one]),
);
