import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Two are what the smallest machine has. */
const PROCESSES = 2;

/** What `script` prints of each kata, as JSON: one process for each, two at a time. */
export async function fromEachKata<Report>(script: string, slugs: readonly string[], seeds: number): Promise<Report[]> {
  const reports: Report[] = [];
  const waiting = [...slugs.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, slug] = next;
      const { stdout } = await run(process.execPath, [script, slug, String(seeds)], { maxBuffer: 16_000_000 });
      reports[at] = JSON.parse(stdout) as Report;
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return reports;
}
