import { execFile } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Of memory that one process may come to: the compiler takes 200 MB, and a thousand seeds of references as much again. */
const PROCESS_BYTES = 1e9;

/**
 * What `script` prints of each kata, as JSON: one process for each, and as many at a time as the machine has cores and memory for. A thousand seeds take
 * minutes for a kata, so each that is done is told.
 */
export async function fromEachKata<Report>(script: string, slugs: readonly string[], seeds: number): Promise<Report[]> {
  const reports: Report[] = [];
  const waiting = [...slugs.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, slug] = next;
      const { stdout } = await run(process.execPath, [script, slug, String(seeds)], { maxBuffer: 16_000_000 });
      reports[at] = JSON.parse(stdout) as Report;
      done += 1;
      console.error(`${slug}: done, ${done} of ${slugs.length}`);
    }
  };
  const atOnce = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / PROCESS_BYTES)));
  await Promise.all(Array.from({ length: atOnce }, work));
  return reports;
}
