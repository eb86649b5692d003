import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Pickers that need nothing but what they have: numbers, and tables made when the pool changed. Those that hash text or draw from a list are not among them. */
const FRUGAL = [
  'round-robin',
  'smooth-weighted-round-robin',
  'block-weighted-round-robin',
  'nginx-round-robin',
  'haproxy-round-robin',
  'caddy-round-robin',
  'caddy-weighted-round-robin',
  'least-connections',
  'nginx-least-connections',
  'haproxy-least-connections',
  'apache-by-busyness',
  'first',
  'random',
  'nginx-random',
  'nginx-random-two',
];
/** Half of the smallest object, 16 bytes: who makes one with more than every second pick is found. */
const BOUND = 8;

test('a pick leaves nothing on the heap where the algorithm needs nothing', () => {
  const script = fileURLToPath(new URL('allocations.ts', import.meta.url));
  const flags = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256', '--no-warnings'];
  const told = execFileSync(process.execPath, [...flags, script, String(BOUND), ...FRUGAL], { encoding: 'utf8' });
  const { found, wasteful } = JSON.parse(told) as { found: Record<string, number>; wasteful: number };
  expect(wasteful, 'a picker that copies its list is noticed').toBeGreaterThan(BOUND);
  expect(Object.keys(found)).toEqual(FRUGAL);
  expect(Object.entries(found).filter(([, bytes]) => bytes > BOUND)).toEqual([]);
});
