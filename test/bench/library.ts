/**
 * Every world of the library, of the lessons and of the katas at full speed, as a page runs it: with its trace. A lesson or a kata may not make anybody wait for
 * more than 200 ms. The slowest are measured again in a process of their own, as each figure of the site has a worker of its own: code that has met
 * every policy there is gets slower. And seeking: to eleven instants of a finished run of 100,000 requests, through what the site's worker calls.
 */
import { spawnSync } from 'node:child_process';
import { frameWriter, Milestones, policiesFor, Simulation, simulationAt } from '../../engine/index.ts';
import type { Scenario } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { busySeconds } from './busy.ts';
import { allWorlds } from './worlds.ts';

const LIMIT_MS = 200;
const SEEK_LIMIT_MS = 150;
const ROUNDS = 3;
const SHOWN = 10;

/** `alone`: the place of one world among all, to measure it by itself. `bench` is the file to start for that. */
export function benchLibrary([alone]: readonly string[], bench: string): void {
  const worlds = allWorlds();
  if (alone !== undefined) {
    console.log(runMs(worlds[Number(alone)]!.scenario).toFixed(0));
    return;
  }
  const measured = worlds.map(({ name, scenario }, place) => ({ name, place, ms: runMs(scenario) }));
  const slow = measured.sort((one, other) => other.ms - one.ms);
  const over = slow.filter(({ ms }) => ms > LIMIT_MS);
  const count = `${worlds.length} worlds of library, lessons and katas`;
  console.log(`${count}, best of ${ROUNDS}: ${over.length} over ${LIMIT_MS} ms; Node ${process.version}\n`);
  console.log('| world | ms | alone |\n|---|---:|---:|');
  for (const { name, place, ms } of slow.slice(0, Math.max(SHOWN, over.length))) {
    const { stdout } = spawnSync(process.execPath, [bench, 'library', String(place)], { encoding: 'utf8' });
    console.log(`| ${name} | ${ms.toFixed(0)} | ${stdout.trim()} |`);
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
  const start: Start = (trace) =>
    simulationAt(scenario, () => policiesFor(scenario), 1, scenario.timeline, 0, { trace });
  const instants = Array.from({ length: 11 }, (_, part) => (scenario.durationUs * part) / 10);
  const cold = instants.map((atUs) => seekMs(start, scenario.durationUs, atUs, false));
  const prepared = instants.map((atUs) => seekMs(start, scenario.durationUs, atUs, true));
  const ms = (times: readonly number[]) => times.map((one) => one.toFixed(0)).join(' ');
  console.log(
    `\nFrom the end of a run of 100,000 requests back to each tenth, ms with the frame (aim: below ${SEEK_LIMIT_MS})`,
  );
  console.log(`at once after a jump to the end: ${ms(cold)}`);
  console.log(`with all milestones: ${ms(prepared)}`);
  console.log(`one after the other down from the end, without a pause: ${ms(rushMs(start, instants.toReversed()))}`);
  const run = bestMs(() => start(true).runToEnd());
  const jump = bestMs(() => new Milestones(start).at(scenario.durationUs));
  const ahead = bestMs(() => {
    const milestones = new Milestones(start);
    prepare(milestones, milestones.at(scenario.durationUs));
  });
  console.log(`the run, a jump to its end, and that with all milestones: ${ms([run, jump, ahead])}`);
}

type Start = (trace: true | 'later') => Simulation;

/** All that the worker makes while nobody asks anything. */
function prepare(milestones: Milestones, run: Simulation): void {
  while (milestones.prepare(run));
}

/** As the site's worker does it, from the end of the run, with its frame. */
function seekMs(start: Start, durationUs: number, atUs: number, isPrepared: boolean): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const milestones = new Milestones(start);
    const run = milestones.at(durationUs);
    if (isPrepared) prepare(milestones, run);
    best = Math.min(best, busySeconds(() => void frameWriter(milestones.at(atUs, run)).next()) * 1000);
  }
  return best;
}

/** Whoever drags the time backwards leaves no time to make a milestone again. */
function rushMs(start: Start, instants: readonly number[]): number[] {
  const milestones = new Milestones(start);
  let run = milestones.at(instants[0]!);
  return instants.map((atUs) => {
    const seek = () => void frameWriter((run = milestones.at(atUs, run))).next();
    return busySeconds(seek) * 1000;
  });
}

function runMs(scenario: Scenario): number {
  return bestMs(() => new Simulation(scenario, policiesFor(scenario)).runToEnd());
}

function bestMs(work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, busySeconds(() => void work()) * 1000);
  return best;
}
