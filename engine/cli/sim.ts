/**
 * Runs a scenario and says how it went.
 *
 *   npm run sim -- <scenario.json> [--picker name] [--seed number] [--json]
 *
 * `--picker` replaces that of every pool. `--json` prints one object instead of tables.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAILURE, measure, policiesFor, Simulation } from '../index.ts';
import type { Scenario } from '../index.ts';
import { parseScenario } from '../parse.ts';

const USAGE = 'Usage: npm run sim -- <scenario.json> [--picker name] [--seed number] [--json]';

interface Report {
  readonly scenario: string;
  readonly seed: number;
  readonly requests: { readonly arrived: number; readonly served: number; readonly failed: number };
  readonly failures: Readonly<Record<string, number>>;
  readonly latencyUs: Readonly<Record<'mean' | 'p50' | 'p95' | 'p99' | 'max', number>>;
  readonly backends: readonly Readonly<Record<string, string | number>>[];
  readonly digest: string;
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function main(): void {
  const { values, positionals } = readArguments();
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error(USAGE);
  const scenario = withPicker(read(file), values.picker, file);
  const seed = values.seed === undefined ? scenario.seed : toSeed(values.seed);
  const simulation = new Simulation(scenario, policiesFor(scenario), { seed });
  simulation.runToEnd();
  const report = reportOn(simulation);
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else print(report, scenario);
}

function readArguments() {
  const options = { picker: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

function read(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file}: cannot be read (${(error as Error).message}). Give the path of a scenario file.`, {
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: is not JSON (${(error as Error).message}).`, { cause: error });
  }
  return parseScenario(value, file);
}

/** The scenario with another picker in every pool. Read again, so that an unknown name is told like any other mistake. */
function withPicker(scenario: Scenario, name: string | undefined, file: string): Scenario {
  if (name === undefined) return scenario;
  return parseScenario(
    { ...scenario, pools: scenario.pools.map((pool) => ({ ...pool, picker: { name } })) },
    `${file} with --picker ${name}`,
  );
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

function print({ requests, failures, latencyUs, backends, digest, seed }: Report, scenario: Scenario): void {
  const reasons = Object.entries(failures).map(([reason, count]) => `${reason} ${count}`);
  console.log(`${scenario.title} (${scenario.name}, seed ${seed}, ${scenario.durationUs / 1e6} s)`);
  console.log(scenario.shows);
  console.log();
  console.log(
    `requests  ${requests.arrived} arrived, ${requests.served} served, ${requests.failed} failed${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
  );
  console.log(
    `latency   ${Object.entries(latencyUs)
      .map(([metric, us]) => `${metric} ${milliseconds(us)}`)
      .join(', ')}`,
  );
  console.log();
  const head = ['backend', 'pool', 'believed', 'truth', 'share', 'p99', 'served', 'failed', 'in flight', 'queued'];
  const rows = backends.map(({ share, p99Us, ...rest }) => {
    const { id, pool, believed, truth, ...numbers } = rest;
    return [
      id,
      pool,
      believed,
      truth,
      `${(100 * Number(share)).toFixed(1)} %`,
      milliseconds(Number(p99Us)),
      ...Object.values(numbers),
    ].map(String);
  });
  for (const line of aligned([head, ...rows])) console.log(line);
  console.log();
  console.log(`digest    ${digest}`);
}

function milliseconds(us: number): string {
  return Number.isNaN(us) ? 'none' : `${(us / 1000).toFixed(1)} ms`;
}

/** Columns as wide as their widest cell; words to the left, numbers to the right. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => (column < 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
