/**
 * `npm run bench` measures and reports; it asserts nothing.
 *
 *   npm run bench                              everything
 *   npm run bench -- picks [maglev …]          picks per second of every picker, or of some, and how long a pool of 10,000 takes to build
 *   npm run bench -- loop [random [10 1000]]   simulated requests per second, of one picker and some sizes
 *   npm run bench -- memory                    bytes for each of a million connections
 */
import { spawnSync } from 'node:child_process';
import { benchLoop } from './loop.ts';
import { benchMemory } from './memory.ts';
import { benchPicks } from './picks.ts';

const PARTS: Readonly<Record<string, (args: readonly string[]) => void>> = {
  picks: benchPicks,
  loop: (args) => {
    benchLoop(args, import.meta.filename);
  },
  memory: benchMemory,
};

const [part, ...rest] = process.argv.slice(2);
if (part === undefined) {
  for (const name of Object.keys(PARTS)) {
    start([name]);
    console.log('');
  }
} else if (part === 'memory' && globalThis.gc === undefined) start([part]);
else if (Object.hasOwn(PARTS, part)) PARTS[part]!(rest);
else {
  console.error(`There is no part "${part}". There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exitCode = 2;
}

/** In a process of its own, so that no part is measured in what another left behind. */
function start(args: readonly string[]): void {
  spawnSync(process.execPath, ['--expose-gc', import.meta.filename, ...args], { stdio: 'inherit' });
}
