/**
 * `npm run soak [-- <minutes>]`: all tests with properties, over and over with random seeds, for ten minutes or as many as asked for. Ends at the
 * first pass that fails and says how to repeat it; the failing property prints its smallest counterexample itself.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) {
  console.error(`soak: found "${process.argv[2]}", expected a number of minutes, for example: npm run soak -- 30`);
  process.exit(2);
}

const files = globSync('test/**/*.test.ts', { cwd: root }).filter((file) => usesProperties(file));
const untilMs = performance.now() + minutes * 60_000;
let passes = 0;
while (performance.now() < untilMs) {
  const seed = randomInt(0x7fffffff);
  const { status } = spawnSync(
    'npx',
    ['vitest', 'run', '--config', '.config/vitest.config.ts', '--reporter=dot', ...files],
    { cwd: root, stdio: 'inherit', env: { ...process.env, BALLAST_SEED: String(seed) } },
  );
  if (status !== 0) {
    console.error(
      `\nsoak: a property failed with seed ${seed}. Again: BALLAST_SEED=${seed} npm run test:unit -- <file>`,
    );
    process.exit(1);
  }
  passes += 1;
}
console.log(`\nsoak: ${passes} passes over ${files.length} files, each with another seed: nothing failed.`);

/** In its own text, or by the contract that it shares with others. */
function usesProperties(file: string): boolean {
  return /from 'fast-check'|picker-contract|worlds-conserve/.test(readFileSync(root + file, 'utf8'));
}
