import { judge } from '../../../engine/grade/judge.ts';
import type { Run } from '../../../engine/grade/run.ts';
import { simulate } from '../../../engine/grade/tape.ts';
import { policiesFor } from '../../../engine/index.ts';
import { checks, worlds } from '../large-kata.ts';

addEventListener('message', ({ data: { runs, seed } }: MessageEvent<{ runs: readonly Run[]; seed: number }>) => {
  const beganMs = performance.now();
  for (const [at, { tape }] of runs.entries()) simulate(worlds[at]!, seed, tape, policiesFor(worlds[at]!));
  const replayedMs = performance.now();
  for (const [at, { tape, lines, steps, digest }] of runs.entries()) {
    const scenario = worlds[at]!;
    const judged = judge(checks, { scenario, seed, tape, lines, steps, policies: () => policiesFor(scenario) });
    if (judged.digest !== digest || judged.failure) throw new Error(judged.failure?.title ?? 'another digest');
  }
  postMessage({ replay: replayedMs - beganMs, verdict: performance.now() - replayedMs });
});
