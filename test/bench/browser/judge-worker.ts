import { judge } from '../../../engine/grade/judge.ts';
import type { Run } from '../../../engine/grade/run.ts';
import { simulate } from '../../../engine/grade/tape.ts';
import { policiesFor } from '../../../engine/index.ts';
import { checks, worlds } from '../large-kata.ts';

/** Judges the run of one world when it comes, as the site's Judge does; or replays it alone, for the time that takes. */
addEventListener(
  'message',
  ({ data, ports }: MessageEvent<{ run: Run; at: number; seed: number; only?: 'replay' }>) => {
    const { run, at, seed, only } = data;
    const scenario = worlds[at]!;
    const policies = () => policiesFor(scenario);
    const beganMs = performance.now();
    if (only === 'replay') simulate(scenario, seed, run.tape, policies());
    else {
      const { tape, lines, steps } = run;
      const judged = judge(checks, { scenario, seed, tape, lines, steps, policies });
      if (judged.digest !== run.digest || judged.failure) throw new Error(judged.failure?.title ?? 'another digest');
    }
    ports[0]!.postMessage(performance.now() - beganMs);
  },
);
