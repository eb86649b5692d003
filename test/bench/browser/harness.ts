/** The page of the benchmark: the site's own bridge, and a judge in a worker as the site has one. */
import type { Instrumented } from '../../../engine/grade/instrumented.ts';
import type { Run } from '../../../engine/grade/run.ts';
import { LIMITS } from '../../../engine/sandbox/guard.ts';
import { doInFrame, warmFrame, type Result } from '../../../src/bridge/frame.ts';
import { runKata } from '../../../src/bridge/kata.ts';
import { typescript } from '../../../src/bridge/language.ts';
import { SOURCE, worlds } from '../large-kata.ts';

export interface Harness {
  /** From nothing, and from a frame that was ready, to the first result of a run of nearly nothing. */
  frame(): Promise<{ cold: number; warm: number }>;
  /**
   * `verdict`: from pressing Submit, with TypeScript and a frame ready, to the last verdict; each world is judged while the frame runs the next. `run`: until
   * the frame is done. Of the tapes alone, one after the other, in a thread that has nothing else to do: `replay`, and `judge` with checks.
   */
  verdict(seed: number): Promise<{ run: number; verdict: number; replay: number; judge: number; requests: number }>;
  /** From Submit until it is told that a policy fills the memory, and that the next run passes. */
  bomb(source: string, good: string): Promise<{ told: string; ms: number; next: string }>;
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
  onRun: (run: Run, at: number) => unknown = () => undefined,
): Promise<{ ended: string; runs: Run[] }> {
  const runs: Result[] = [];
  const tests = scenarios.map((scenario) => ({ scenario, seed }));
  const job = { run: 1, kind: 'picker', code, limits: LIMITS, marksFrom: 0, tests } as const;
  const { kind } = await doInFrame(
    job,
    (result) => {
      runs.push(result);
      onRun(result.result, result.test);
    },
    new AbortController().signal,
  );
  return { ended: kind, runs: runs.map(({ result }) => result) };
}

/** Milliseconds that it took the Judge. */
function judged(run: Run, at: number, seed: number, only?: 'replay'): Promise<number> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    judge.postMessage({ run, at, seed, only }, [port2]);
  });
}

async function oneByOne(runs: readonly Run[], seed: number, only?: 'replay'): Promise<number> {
  let sum = 0;
  for (const [at, run] of runs.entries()) sum += await judged(run, at, seed, only);
  return sum;
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
    // What a kata page does when it has nothing else to do.
    await typescript.ask((language) => language.diagnostics(SOURCE, 'picker'));
    warmFrame({ kind: 'picker', scenario: worlds[0]! });
    await pause(2000);
    let runs: Run[] = [];
    let run = 0;
    const verdict = await timed(async () => {
      const errors = await typescript.ask((language) => language.diagnostics(SOURCE, 'picker'));
      if (errors.length > 0) throw new Error(errors[0]!.message);
      const code = await instrument(SOURCE);
      const verdicts: Promise<number>[] = [];
      run = await timed(async () => {
        ({ runs } = await inFrame(code, worlds, seed, (one, at) => verdicts.push(judged(one, at, seed))));
      });
      await Promise.all(verdicts);
    });
    const requests = runs.reduce((sum, { lines }) => sum + lines.length, 0);
    const replay = await oneByOne(runs, seed, 'replay');
    return { run, verdict, replay, judge: await oneByOne(runs, seed), requests };
  },
  async bomb(source, good) {
    const verdictOn = async (code: string) => {
      const { failure, scenarios, passed } = await runKata({ kata: 'round-robin', source: code, suite: 'visible' });
      return passed ? 'passed' : (failure ?? scenarios.find((one) => one.failure)?.failure)?.title;
    };
    let told: string | undefined;
    const ms = await timed(async () => (told = await verdictOn(source)));
    return { told: told ?? '', ms, next: (await verdictOn(good)) ?? '' };
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
