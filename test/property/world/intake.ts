import fc from 'fast-check';
import { seldom } from './times.ts';

/** What a node has for connections of clients; where it is there attacks can reach it. */
export const intake = seldom(
  fc.record({
    halfOpen: fc.record({
      places: fc.integer({ min: 1, max: 5 }),
      keptUs: fc.integer({ min: 1, max: 100_000 }),
      cookies: fc.boolean(),
    }),
    maxConnections: fc.integer({ min: 1, max: 5 }),
    headerTimeoutUs: fc.constantFrom(null, 20_000),
  }),
);
