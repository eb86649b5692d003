/**
 * `npm run bench` measures and reports; it asserts nothing.
 *
 *   npm run bench                              everything
 *   npm run bench -- picks [maglev …]          picks per second of every picker, or of some, and how long a pool of 10,000 takes to build
 *   npm run bench -- loop [random [10 1000]]   simulated requests per second, of one picker and some sizes
 *   npm run bench -- memory                    bytes for each of a million connections
 *   npm run bench -- luck <kata> [attempts]    how often right solutions fail, and mutants pass, with fresh seeds
 *   npm run bench -- verdict [rounds]          run and replay of seven worlds with 200,000 requests
 *   npm run bench -- browser [rounds]          the same in Chromium: frame, run, verdict; how fast what hangs is ended, and whether the page goes on
 *   npm run bench -- scale [plain [10000]]     cost of an event and peak memory from 10^4 to 10^7 requests, 1 to 100 balancers
 *   npm run bench -- library                   every world of library, lessons and katas at full speed, and seeking
 */
import { spawnSync } from 'node:child_process';
import { benchLibrary } from './library.ts';
import { benchLoop } from './loop.ts';
import { benchMemory } from './memory.ts';
import { benchPicks } from './picks.ts';
import { benchScale } from './scale.ts';

const PARTS: Readonly<Record<string, (args: readonly string[]) => void | Promise<void>>> = {
  picks: benchPicks,
  loop: (args) => {
    benchLoop(args, import.meta.filename);
  },
  memory: benchMemory,
  // These bring TypeScript along, which the others shall not have in memory.
  verdict: async (args) => (await import('./verdict.ts')).benchVerdict(args),
  browser: async (args) => (await import('./browser.ts')).benchBrowser(args),
  luck: async (args) => (await import('./luck.ts')).benchLuck(args),
  scale: (args) => {
    benchScale(args, import.meta.filename);
  },
  library: (args) => {
    benchLibrary(args, import.meta.filename);
  },
};

const [part, ...rest] = process.argv.slice(2);
if (part === undefined) {
  for (const name of Object.keys(PARTS).filter((one) => one !== 'luck')) {
    start([name]);
    console.log('');
  }
} else if (part === 'memory' && globalThis.gc === undefined) start([part]);
else if (Object.hasOwn(PARTS, part)) await PARTS[part]!(rest);
else {
  console.error(`There is no part "${part}". There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exitCode = 2;
}

/** In a process of its own, so that no part is measured in what another left behind. */
function start(args: readonly string[]): void {
  spawnSync(process.execPath, ['--expose-gc', import.meta.filename, ...args], { stdio: 'inherit' });
}
