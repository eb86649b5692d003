import type { Distances } from './scenario-places.ts';

/** The round trip between two places. */
export function roundTripUs(all: Distances, one: string | undefined, other: string): number {
  if (one === undefined || one === other) return 0;
  const pair = all.find(({ between: [a, b] }) => (a === one && b === other) || (a === other && b === one));
  return pair?.roundTripUs ?? 0;
}
