/**
 * Simulated requests per second, beside a bare loop on the same traffic in the same process. Poisson arrivals, exponential service, one worker per
 * backend, load 0.7. Each figure is the best of several rounds, taken in turn so that a busy machine hurts all alike. Each picker has a process of its
 * own, as each figure of the site has a worker of its own.
 */
import { spawnSync } from 'node:child_process';
import { policiesFor, Simulation } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { busySeconds } from './busy.ts';
import { bareRun } from './bare.ts';
import type { BarePicker } from './bare.ts';

const PICKERS: readonly BarePicker[] = ['random', 'round-robin', 'least-connections', 'power-of-two-choices'];
const SIZES = [10, 100, 1_000, 10_000];
const ROUNDS = 5;
const REQUESTS = 300_000;
const RATE_RPS = 20_000;
const LOAD = 0.7;

/** `bench` is the file to start for one picker alone. */
export function benchLoop([only, ...sizes]: readonly string[], bench: string): void {
  if (only === undefined) runAll(bench);
  else
    runPicker(PICKERS.find((picker) => picker === only) ?? PICKERS[0]!, sizes.length > 0 ? sizes.map(Number) : SIZES);
}

function runAll(bench: string): void {
  console.log(
    `${REQUESTS.toLocaleString('en')} requests at ${LOAD * 100} % load, millions of requests per second, best of ${ROUNDS}; Node ${process.version}\n`,
  );
  console.log('| picker | backends | bare loop | engine | of bare | with trace | of bare |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const picker of PICKERS) spawnSync(process.execPath, [bench, 'loop', picker], { stdio: 'inherit' });
}

function runPicker(picker: BarePicker, backendCounts: readonly number[]): void {
  for (const backends of backendCounts) {
    const scenario = scenarioOf(picker, backends);
    const best = { bare: 0, engine: 0, traced: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      best.bare = Math.max(best.bare, bare(picker, backends));
      best.engine = Math.max(best.engine, engine(scenario, false));
      best.traced = Math.max(best.traced, engine(scenario, true));
    }
    const { bare: yardstick } = best;
    const cells = [best.engine, best.traced].map((speed) => `${millions(speed)} | ${(speed / yardstick).toFixed(2)}`);
    console.log(`| ${picker} | ${backends.toLocaleString('en')} | ${millions(yardstick)} | ${cells.join(' | ')} |`);
  }
}

function serviceUsOf(backends: number): number {
  return Math.round((LOAD * backends * 1_000_000) / RATE_RPS);
}

function scenarioOf(picker: BarePicker, backends: number) {
  const service = { default: { kind: 'exponential', meanUs: serviceUsOf(backends) } };
  const input = {
    name: 'bench',
    title: 'Bench',
    shows: 'How fast the engine is.',
    durationUs: (REQUESTS / RATE_RPS) * 1_000_000,
    clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: RATE_RPS } }],
    pools: [
      { picker: { name: picker }, backends: Array.from({ length: backends }, (_, at) => ({ id: `s${at}`, service })) },
    ],
  };
  return parseScenario(input, 'the bench');
}

function bare(picker: BarePicker, backends: number): number {
  const seconds = busySeconds(() => bareRun(picker, backends, RATE_RPS, serviceUsOf(backends), REQUESTS));
  return REQUESTS / seconds;
}

/** Requests per second, without the building of the world. */
function engine(scenario: ReturnType<typeof scenarioOf>, trace: boolean): number {
  const simulation = new Simulation(scenario, policiesFor(scenario), { trace });
  const seconds = busySeconds(() => simulation.runToEnd());
  return simulation.counts.arrived / seconds;
}

function millions(perSecond: number): string {
  return (perSecond / 1_000_000).toFixed(2);
}
