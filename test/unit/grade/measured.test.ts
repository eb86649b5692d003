import { expect, test } from 'vitest';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { measure, policiesFor, recordTape, Simulation } from '../../../engine/index.ts';
import { Judge } from '../../../engine/worker/judge.ts';

const folder = new URL('../../../katas', import.meta.url).pathname;
const { scenario } = readKataFolder(folder, 'round-robin').scenarios[0]!;
const judge = new Judge(() => Promise.reject(new Error('no kata is asked for')));
const [one] = scenario.pools[0]!.backends;
const queries = [{ metric: 'p99' }, { metric: 'share', backends: [one!.id] }] as const;
const seed = 3;

function run(world: typeof scenario) {
  const recorded = recordTape(policiesFor(world), ['picks']);
  const simulation = new Simulation(world, recorded.policies, { seed });
  simulation.runToEnd();
  return { tape: recorded.tape(), numbers: queries.map((query) => measure(simulation.log, query)) };
}

test('without a tape the numbers are those of the policies that the scenario names', () => {
  expect(judge.measured({ scenario, seed, tape: {} }, queries)).toEqual(run(scenario).numbers);
});

test('requests are told one by one, as the log of the run has them', () => {
  const simulation = new Simulation(scenario, policiesFor(scenario), { seed });
  simulation.runToEnd();
  const { log } = simulation;
  const rows = judge.requests({ scenario, seed, tape: {} });
  expect(rows.sentUs).toHaveLength(log.length);
  expect(rows.endedUs).toEqual(log.endedUs.slice(0, log.length));
  expect([...new Set(rows.backend)].map((backend) => rows.backends[backend]).sort()).toEqual(
    scenario.pools[0]!.backends.map(({ id }) => id).sort(),
  );
});

test('with a tape they are those of the run that left it, whatever the scenario names', () => {
  const picker = { name: 'first', options: {} };
  const first = run({ ...scenario, pools: scenario.pools.map((pool) => ({ ...pool, picker })) });
  expect(first.numbers).not.toEqual(run(scenario).numbers);
  expect(judge.measured({ scenario, seed, tape: first.tape }, queries)).toEqual(first.numbers);
});
