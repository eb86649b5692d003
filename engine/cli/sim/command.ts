import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withUsage } from '../command.ts';
import { FAILURE, measure, policiesFor, Simulation } from '../../index.ts';
import type { Scenario } from '../../index.ts';
import { parseScenario } from '../../parse.ts';
import { policyKinds } from '../../grade/policy-kinds.ts';
import type { PolicyKind } from '../../grade/policy-kinds.ts';
import { aligned } from '../table.ts';
import { isFile, runWithFile, withNamed } from './stand-in.ts';

const USAGE = 'Usage: npm run sim -- <scenario> [--policy name|file.ts] [--kind kind] [--seed N] [--json]';

interface Report {
  readonly scenario: string;
  readonly seed: number;
  readonly requests: { readonly arrived: number; readonly served: number; readonly failed: number };
  readonly failures: Readonly<Record<string, number>>;
  readonly latencyUs: Readonly<Record<'mean' | 'p50' | 'p95' | 'p99' | 'max', number>>;
  readonly backends: readonly Readonly<Record<string, string | number>>[];
  readonly digest: string;
}

/** What the command prints. Throws an Error whose message says what is wrong with the arguments, the scenario or the policy. */
export async function simulate(args: readonly string[]): Promise<string> {
  const { values, positionals } = readArguments(args);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error(USAGE);
  const simulation = await simulated(read(pathOf(file)), values);
  const report = reportOn(simulation);
  return values.json ? JSON.stringify(report, null, 2) : linesOf(report, simulation.scenario).join('\n');
}

interface Values {
  readonly policy?: string;
  readonly kind?: string;
  readonly seed?: string;
}

async function simulated(scenario: Scenario, { policy, kind, seed }: Values): Promise<Simulation> {
  const number = seed === undefined ? scenario.seed : toSeed(seed);
  const ofKind = kind === undefined ? undefined : toKind(kind);
  if (policy === undefined && ofKind !== undefined)
    throw new Error(`--kind says of which kind the policy is; add --policy.`);
  if (policy !== undefined && isFile(policy)) return runWithFile(scenario, number, policy, ofKind);
  const world = policy === undefined ? scenario : withNamed(scenario, policy, ofKind);
  const simulation = new Simulation(world, policiesFor(world), { seed: number });
  simulation.runToEnd();
  return simulation;
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { policy: text, kind: text, seed: text, json: { type: 'boolean' } } as const;
  return withUsage(USAGE, () => parseArgs({ args: [...args], options, allowPositionals: true }));
}

/** A bare name means the library. */
function pathOf(file: string): string {
  const named = new URL(`../../scenarios/${file}.json`, import.meta.url).pathname;
  return !existsSync(file) && /^[a-z0-9-]+$/.test(file) && existsSync(named) ? named : file;
}

function read(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(
      `${file}: cannot be read (${(error as Error).message}). Give a scenario's file, or the name of one in engine/scenarios.`,
      {
        cause: error,
      },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: is not JSON (${(error as Error).message}).`, { cause: error });
  }
  return parseScenario(value, file);
}

function toKind(text: string): PolicyKind {
  const kind = policyKinds.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new Error(`--kind: found "${text}", expected one of ${policyKinds.join(', ')}.`);
}

function toSeed(text: string): number {
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff) return seed;
  throw new Error(`--seed: found "${text}", expected a whole number from 0 to 4294967295.`);
}

function reportOn(simulation: Simulation): Report {
  const { log, scenario, seed, counts } = simulation;
  const failures = Object.keys(FAILURE).map((failure) => {
    return [failure, measure(log, { metric: 'failed', failure: failure as keyof typeof FAILURE })] as const;
  });
  const metrics = ['mean', 'p50', 'p95', 'p99', 'max'] as const;
  return {
    scenario: scenario.name,
    seed,
    requests: counts,
    failures: Object.fromEntries(failures.filter(([, count]) => count > 0)),
    latencyUs: Object.fromEntries(metrics.map((metric) => [metric, measure(log, { metric })])) as Report['latencyUs'],
    backends: simulation.backends().map(({ id, pool, believed, truth, inFlight, queued, served, failed }) => {
      const share = measure(log, { metric: 'share', backends: [id] });
      const p99Us = measure(log, { metric: 'p99', backends: [id] });
      return { id, pool, believed, truth, share, p99Us, served, failed, inFlight, queued };
    }),
    digest: simulation.digest(),
  };
}

const HEAD = ['backend', 'pool', 'believed', 'truth', 'share', 'p99', 'served', 'failed', 'in flight', 'queued'];

function linesOf(report: Report, scenario: Scenario): string[] {
  const { requests, failures, latencyUs, backends, digest, seed } = report;
  const reasons = Object.entries(failures).map(([reason, count]) => `${reason} ${count}`);
  const why = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
  const latencies = Object.entries(latencyUs).map(([metric, us]) => `${metric} ${milliseconds(us)}`);
  return [
    `${scenario.title} (${scenario.name}, seed ${seed}, ${scenario.durationUs / 1e6} s)`,
    scenario.shows,
    '',
    `requests  ${requests.arrived} arrived, ${requests.served} served, ${requests.failed} failed${why}`,
    `latency   ${latencies.join(', ')}`,
    '',
    ...aligned([HEAD, ...backends.map(rowOf)], 4),
    '',
    `digest    ${digest}`,
  ];
}

function rowOf({ share, p99Us, id, pool, believed, truth, ...numbers }: Report['backends'][number]): string[] {
  const measured = [`${(100 * Number(share)).toFixed(1)} %`, milliseconds(Number(p99Us))];
  return [id, pool, believed, truth, ...measured, ...Object.values(numbers)].map(String);
}

function milliseconds(us: number): string {
  return Number.isNaN(us) ? 'none' : `${(us / 1000).toFixed(1)} ms`;
}
