import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'test/bench/**'],
    setupFiles: ['test/seed.ts'],
    // Two cores is the smallest machine this runs on. Tests share no state, so files need no realm each.
    maxWorkers: 2,
    isolate: false,
    // For the commands that tests start: what one of them compiled, the next need not.
    env: { NODE_COMPILE_CACHE: new URL('../node_modules/.cache/compiled', import.meta.url).pathname },
    sequence: { sequencer: LongestFirst },
    // For the simulations; a test that hangs is cut off, none asserts wall-clock time.
    testTimeout: 60_000,
  },
});
