/**
 * How long a verdict takes: seven worlds with 200,000 requests in all, run with learner code under guard and then replayed and judged.
 */
import { policiesFor } from '../../engine/index.ts';
import { judge } from '../../engine/grade/judge.ts';
import { runScenario } from '../../engine/sandbox/run.ts';
import { compile, guard } from '../../engine/cli/learner.ts';
import { checks, SOURCE, worlds } from './large-kata.ts';

/** Processor time: what others do on the machine at the same time does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

export function benchVerdict([rounds = '5']: readonly string[]): void {
  const learner = compile(SOURCE, 'picker');
  if (typeof learner === 'string') throw new Error(learner);

  const times = { run: [] as number[], verdict: [] as number[] };
  let requests = 0;
  for (let round = 0; round < Number(rounds); round += 1) {
    requests = 0;
    let runMs = 0;
    let verdictMs = 0;
    for (const scenario of worlds) {
      guard.load(learner.code);
      const began = cpuMs();
      const run = runScenario(scenario, round, 'picker', learner.factory(), guard, () => undefined);
      const ran = cpuMs();
      const policies = () => policiesFor(scenario);
      const { digest, failure } = judge(checks, { scenario, seed: round, tape: run.tape, lines: run.lines, policies });
      const judged = cpuMs();
      if (digest !== run.digest || failure) throw new Error(`${scenario.name}: ${failure?.title ?? 'another digest'}`);
      runMs += ran - began;
      verdictMs += judged - ran;
      requests += run.lines.length;
    }
    times.run.push(runMs);
    times.verdict.push(verdictMs);
  }

  for (const [what, values] of Object.entries(times)) {
    console.log(
      `${what.padEnd(8)} ${median(values).toFixed(0).padStart(5)} ms for ${requests} requests in 7 worlds, ${(requests / median(values) / 1000).toFixed(2)} million requests/s`,
    );
  }
}
