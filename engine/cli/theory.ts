/**
 * npm run theory -- <file.json> [--only text] [--seed number] [--quick] [--workers number]
 *
 * Runs the engine against theory: a line per row with what was expected, what came out, how far they may be apart and how many requests it took; and a last line that
 * counts. `--only` runs the rows whose id has this text in it. `--quick` measures fewer requests, and allows for it. Ends with 1 if any row is outside, with 2 if nothing
 * could be read.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { command, withUsage } from './command.ts';
import { judge } from './theory/verdict.ts';
import type { Verdict } from './theory/verdict.ts';
import { rowsOf } from './theory/read.ts';
import type { Row, Setting } from './theory/row.ts';

const USAGE = 'Usage: npm run theory -- <file.json> [--only text] [--seed number] [--quick] [--workers number]';
/** Of every run. It was fixed before the first one, and no other is tried. */
const SEED = 1;

if (isMainThread) await command(main, 2);
else serve(workerData as Setting);

async function main(): Promise<void> {
  const { setting, asked, workers } = read();
  const counts = await runAll(setting, asked, workers);
  console.log(`within ${counts.within}, outside ${counts.outside}, not applicable ${counts['not applicable']}`);
  if (counts.outside > 0) process.exitCode = 1;
}

function read(): { setting: Setting; asked: readonly number[]; workers: number } {
  const { values, positionals } = readArguments();
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error(USAGE);
  const rows = rowsOf(file, textOf(file));
  const asked = rows.flatMap(({ id }, index) => (id.includes(values.only ?? '') ? [index] : []));
  const workers = wholeNumber('--workers', values.workers ?? String(Math.min(2, availableParallelism())), 1, 64);
  const seed = wholeNumber('--seed', values.seed ?? String(SEED), 0, 0xffffffff);
  return { setting: { seed, quick: values.quick ?? false, rows }, asked, workers };
}

function readArguments() {
  const options = {
    only: { type: 'string' },
    seed: { type: 'string' },
    quick: { type: 'boolean' },
    workers: { type: 'string' },
  } as const;
  return withUsage(USAGE, () => parseArgs({ options, allowPositionals: true }));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file}: cannot be read (${(error as Error).message}). Give the path of a file of rows.`, {
      cause: error,
    });
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${option}: found "${text}", expected a whole number from ${least} to ${most}`);
}

/** Rows go to the threads in the order of the file, and their lines come out in it. */
function runAll(setting: Setting, asked: readonly number[], workers: number): Promise<Record<Verdict['is'], number>> {
  const counts = { within: 0, outside: 0, 'not applicable': 0 };
  const waiting = [...asked];
  const verdicts = new Map<number, Verdict>();
  let printed = 0;
  const print = () => {
    for (let next = verdicts.get(asked[printed]!); next !== undefined; next = verdicts.get(asked[printed]!)) {
      counts[next.is] += 1;
      console.log(next.line);
      printed += 1;
    }
  };
  return new Promise((resolve, reject) => {
    if (asked.length === 0) resolve(counts);
    for (let count = 0; count < Math.min(workers, asked.length); count += 1) {
      const worker = new Worker(new URL(import.meta.url), { workerData: setting });
      const next = () => {
        const index = waiting.shift();
        if (index === undefined) void worker.terminate();
        else worker.postMessage(index);
      };
      worker.on('error', reject);
      worker.on('message', ({ index, verdict }: { index: number; verdict: Verdict }) => {
        verdicts.set(index, verdict);
        print();
        if (printed === asked.length) resolve(counts);
        next();
      });
      next();
    }
  });
}

/** In a thread: one row after another. */
function serve(setting: Setting): void {
  parentPort!.on('message', (index: number) => {
    const row: Row = setting.rows[index]!;
    parentPort!.postMessage({ index, verdict: judge(row, setting) });
  });
}
