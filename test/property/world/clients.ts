import fc from 'fast-check';
import { optional, seldom } from './times.ts';

const requests = fc.constantFrom(
  [{ path: '/' }],
  [{ path: '/' }, { name: 'video', path: '/video/1' }],
  [
    { path: '/items/{key}', keys: { count: 5 }, requestBytes: 300, responseBytes: 900 },
    { name: 'order', method: 'POST', path: '/' },
  ],
);

export const client = (id: string) =>
  fc.record({
    id: fc.constant(id),
    arrivals: fc.record({
      kind: fc.constantFrom('poisson' as const, 'constant' as const),
      rateRps: fc.integer({ min: 1, max: 120 }),
    }),
    requests,
    connections: optional(fc.integer({ min: 1, max: 4 })),
    users: fc.integer({ min: 1, max: 20 }),
    timeoutUs: optional(fc.integer({ min: 1, max: 60_000 })),
  });
