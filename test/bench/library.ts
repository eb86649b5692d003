/**
 * Every scenario of the library and of the katas at full speed, as a page runs it: with its trace. A lesson or a kata may not make anybody wait for more
 * than 200 ms. Those that take longer are measured again in a process of their own, as each figure of the site has a worker of its own: code that has met
 * every policy there is gets slower. And seeking: to eleven instants of a finished run of 100,000 requests, through what the site's worker calls.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { frameWriter, Milestones, policiesFor, Simulation, simulationAt } from '../../engine/index.ts';
import type { Scenario } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { busySeconds } from './busy.ts';

const LIMIT_MS = 200;
const SEEK_LIMIT_MS = 150;
const ROUNDS = 3;
const root = new URL('../../', import.meta.url);

/** `bench` is the file to start for one scenario alone. */
export function benchLibrary([alone]: readonly string[], bench: string): void {
  if (alone !== undefined) {
    console.log(runMs(read(alone)).toFixed(0));
    return;
  }
  const files = ['engine/scenarios', ...katas()].flatMap(scenariosIn);
  const slow = files.map((file) => ({ file, ms: runMs(read(file)) })).sort((one, other) => other.ms - one.ms);
  const over = slow.filter(({ ms }) => ms > LIMIT_MS);
  console.log(
    `${files.length} scenarios, best of ${ROUNDS}: ${over.length} over ${LIMIT_MS} ms; Node ${process.version}\n`,
  );
  console.log('| scenario | ms | alone |\n|---|---:|---:|');
  for (const { file, ms } of slow.slice(0, Math.max(5, over.length))) {
    const { stdout } = spawnSync(process.execPath, [bench, 'library', file], { encoding: 'utf8' });
    console.log(`| ${file} | ${ms.toFixed(0)} | ${stdout.trim()} |`);
  }
  benchSeek();
}

function benchSeek(): void {
  const scenario = parseScenario(
    {
      name: 'seek',
      title: 'Seek',
      shows: 'How long a seek takes.',
      durationUs: 100_000_000,
      clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: 1_000 } }],
      pools: [
        {
          picker: { name: 'least-connections' },
          health: {},
          backends: Array.from({ length: 10 }, (_, at) => ({
            id: `s${at}`,
            service: { default: { kind: 'exponential', meanUs: 7_000 } },
          })),
        },
      ],
    },
    'the bench',
  );
  const start = () => simulationAt(scenario, () => policiesFor(scenario), 1, scenario.timeline, 0);
  const instants = Array.from({ length: 11 }, (_, part) => (scenario.durationUs * part) / 10);
  const cold = instants.map((atUs) => seekMs(start, atUs, false));
  const prepared = instants.map((atUs) => seekMs(start, atUs, true));
  const aheadMs = bestMs(() => void ahead(new Milestones(start), ended(start)));
  console.log(`\nBack from the end of a run of 100,000 requests, ms at each tenth (aim: below ${SEEK_LIMIT_MS})`);
  console.log(`at once, before any milestone is ready: ${cold.map((ms) => ms.toFixed(0)).join(' ')}`);
  console.log(`with milestones: ${prepared.map((ms) => ms.toFixed(0)).join(' ')}`);
  console.log(`the run, and the milestones made in the background: ${aheadMs.toFixed(0)}`);
}

function ended(start: () => Simulation): Simulation {
  const run = start();
  run.runToEnd();
  return run;
}

function ahead(milestones: Milestones, run: Simulation): Milestones {
  while (milestones.prepare(run));
  return milestones;
}

/** As the site's worker does it, from the end of the run, with its frame. */
function seekMs(start: () => Simulation, atUs: number, prepared: boolean): number {
  const run = ended(start);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const milestones = new Milestones(start);
    if (prepared) ahead(milestones, run);
    best = Math.min(best, busySeconds(() => void frameWriter(milestones.at(atUs, run)).next()) * 1000);
  }
  return best;
}

function read(file: string): Scenario {
  // What a kata says beside its world is no part of a scenario.
  const {
    varies: _,
    reveal: __,
    ...scenario
  } = JSON.parse(readFileSync(new URL(file, root), 'utf8')) as Record<string, unknown>;
  return parseScenario(scenario, file);
}

function runMs(scenario: Scenario): number {
  return bestMs(() => new Simulation(scenario, policiesFor(scenario)).runToEnd());
}

function bestMs(work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, busySeconds(() => void work()) * 1000);
  return best;
}

function katas(): string[] {
  const folders = readdirSync(new URL('katas/', root), { withFileTypes: true });
  return folders.filter((entry) => entry.isDirectory()).map(({ name }) => `katas/${name}/scenarios`);
}

function scenariosIn(folder: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, root)).filter((name) => name.endsWith('.json'));
  return names.map((name) => `${folder}/${name}`);
}
