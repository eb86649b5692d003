/** The page of the benchmark: the site's own bridge, and a judge in a worker as the site has one. */
import type { Instrumented } from '../../../engine/grade/instrumented.ts';
import type { Run } from '../../../engine/grade/run.ts';
import { LIMITS } from '../../../engine/sandbox/guard.ts';
import { doInFrame, warmFrame, type Result } from '../../../src/bridge/frame.ts';
import { typescript } from '../../../src/bridge/language.ts';
import { SOURCE, worlds } from '../large-kata.ts';

export interface Harness {
  /** From nothing, and from a frame that was ready, to the first result of a run of nearly nothing. */
  frame(): Promise<{ cold: number; warm: number }>;
  /** `replay`: of the tapes alone; `verdict`: with checks and reference. */
  verdict(seed: number): Promise<{ run: number; replay: number; verdict: number; requests: number }>;
  /** From the first pick of code that never ends to the end of its frame, and the longest task of the page meanwhile. */
  kill(body: string): Promise<{ ended: string; ms: number; longestTask: number }>;
}

let longestTask = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
}).observe({ type: 'longtask' });

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const tiny = { ...worlds[0]!, durationUs: 10_000 };
const judge = new Worker(new URL('./judge-worker.ts', import.meta.url), { type: 'module' });

async function inFrame(
  code: Instrumented,
  scenarios: typeof worlds,
  seed: number,
): Promise<{ ended: string; runs: Run[] }> {
  const runs: Result[] = [];
  const tests = scenarios.map((scenario) => ({ scenario, seed }));
  const job = { run: 1, kind: 'picker', code, limits: LIMITS, marksFrom: 0, tests } as const;
  const { kind } = await doInFrame(job, (result) => runs.push(result), new AbortController().signal);
  return { ended: kind, runs: runs.map(({ result }) => result) };
}

function judged(runs: readonly Run[], seed: number): Promise<{ replay: number; verdict: number }> {
  return new Promise((resolve) => {
    judge.onmessage = ({ data }: MessageEvent<{ replay: number; verdict: number }>) => resolve(data);
    judge.postMessage({ runs, seed });
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

const instrument = (source: string) => typescript.ask((language) => language.instrument(source, { marks: false }));
const firstBackend = 'export default () => ({ pick: (backends) => backends[0] });';

const harness: Harness = {
  async frame() {
    const code = await instrument(firstBackend);
    // The spare of the page's start, or of the round before, is used up; the next begins when that one ends.
    const cold = await timed(() => inFrame(code, [tiny], 1));
    warmFrame();
    await pause(1500);
    return { cold, warm: await timed(() => inFrame(code, [tiny], 1)) };
  },
  async verdict(seed) {
    const code = await instrument(SOURCE);
    await pause(1500);
    let done: Run[] = [];
    const run = await timed(async () => void ({ runs: done } = await inFrame(code, worlds, seed)));
    const requests = done.reduce((sum, { lines }) => sum + lines.length, 0);
    return { run, requests, ...(await judged(done, seed)) };
  },
  async kill(body) {
    // Without guards: what they count ends sooner.
    const js = `export default () => ({ pick(backends) { ${body} return backends[0]; } });`;
    await pause(1500);
    longestTask = 0;
    let ended = '';
    const ms = await timed(async () => {
      const { ended: kind, runs } = await inFrame({ js, sites: [], insertions: [] }, [tiny], 1);
      ended = runs[0]?.fault?.kind ?? kind;
    });
    return { ended, ms, longestTask };
  },
};

Object.assign(globalThis, { harness });
