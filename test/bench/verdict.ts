/**
 * How long a verdict takes: seven worlds with 200,000 requests in all, run with learner code under guard and then replayed and judged.
 */
import { leastLoaded, neverDeclines, policiesFor, tiesSpread } from '../../engine/index.ts';
import { judge } from '../../engine/grade/judge.ts';
import { runScenario } from '../../engine/sandbox/run.ts';
import { parseScenario } from '../../engine/parse.ts';
import { compile, guard } from '../../engine/cli/learner.ts';

const SOURCE = `import type { Picker } from 'ballast';
export default function leastConnections(): Picker {
  return {
    pick(backends, _request, ctx) {
      let best = backends[0];
      let ties = 0;
      for (const backend of backends) {
        if (best === undefined || backend.inFlight > best.inFlight) continue;
        if (backend.inFlight < best.inFlight) ties = 0;
        ties += 1;
        if (ties === 1 || ctx.rng.int(ties) === 0) best = backend;
      }
      return best;
    },
  };
}
`;

const checks = [neverDeclines(), leastLoaded(), tiesSpread()];
const worlds = [3, 4, 5, 8, 10, 20, 40].map((backends) =>
  parseScenario(
    {
      name: `with-${backends}`,
      title: 'A world of a kata',
      shows: 'How long a verdict takes.',
      durationUs: 28_571_000,
      clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 1000 } }],
      pools: [
        {
          picker: { name: 'least-connections' },
          backends: Array.from({ length: backends }, (_, at) => ({
            id: `s${at + 1}`,
            workers: 8,
            service: { default: { kind: 'exponential', meanUs: backends * 1500 } },
          })),
        },
      ],
    },
    'the benchmark',
  ),
);

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
