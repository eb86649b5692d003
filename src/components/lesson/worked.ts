/**
 * Worked examples: one decision at a time, with the numbers behind it. The arithmetic is shown by hand and the decision is taken by the
 * engine's own policy; where the two differ the build ends, so an example cannot teach what the engine does not do.
 */
import { type Scenario, EVENT_KIND, Simulation, policiesFor } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { signed, type WorkedStep } from './worked-types.ts';

export type { WorkedStep };

/** Smooth weighted round robin (nginx): everyone gains its weight, the highest is picked and pays the total. */
export function smoothWeighted(weights: Readonly<Record<string, number>>, picks: number): WorkedStep[] {
  const names = Object.keys(weights);
  const total = names.reduce((sum, name) => sum + weights[name]!, 0);
  const now = new Map(names.map((name) => [name, 0]));
  const steps: WorkedStep[] = [];
  for (let turn = 0; turn < picks; turn++) {
    for (const name of names) now.set(name, now.get(name)! + weights[name]!);
    const highest = Math.max(...now.values());
    const tied = names.filter((name) => now.get(name) === highest);
    const picked = tied[0]!;
    const after = highest - total;
    const lead =
      tied.length === 1
        ? `${picked} has the most, ${highest}.`
        : `${listed(tied)} tie at ${highest}. The first in the list wins.`;
    const bars = names.map((name) => {
      const value = now.get(name)!;
      return { name, value, chosen: name === picked, ...(name === picked && { after }) };
    });
    steps.push({
      phase: 'pay',
      bars,
      result: picked,
      note: `${lead} It pays the total of all weights, ${total}, which leaves ${signed(after)}.`,
    });
    now.set(picked, after);
  }
  const engine = enginePicks(weights, picks);
  agree('smooth weighted round robin', steps, engine);
  return steps;
}

/** The order in which the engine's picker sends requests that come one after the other. */
function enginePicks(weights: Readonly<Record<string, number>>, picks: number): string[] {
  const names = Object.keys(weights);
  const scenario = world({
    durationUs: picks * 1_000_000 + 500_000,
    clients: [{ id: 'client', arrivals: { kind: 'constant', rateRps: 1 } }],
    pools: [
      {
        picker: { name: 'smooth-weighted-round-robin' },
        backends: names.map((id) => ({
          id,
          weight: weights[id],
          service: { default: { kind: 'constant', valueUs: 1 } },
        })),
      },
    ],
  });
  const simulation = new Simulation(scenario, policiesFor(scenario));
  simulation.runToEnd();
  const { trace } = simulation;
  const order: string[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind[row] === EVENT_KIND.picked) order.push(names[trace.backend[row]!]!);
  }
  return order.slice(0, picks);
}

/** Consecutive thresholds: `fall` failed probes in a row take a backend out, `rise` passed ones bring it back. */
export function thresholds(fall: number, rise: number, probes: readonly boolean[]): WorkedStep[] {
  let [healthy, fails, passes] = [true, 0, 0];
  const steps = probes.map((ok): WorkedStep => {
    fails = ok ? 0 : fails + 1;
    passes = ok ? passes + 1 : 0;
    const turns = healthy ? fails >= fall : passes >= rise;
    if (turns) healthy = !healthy;
    const bars = [
      { name: 'failed', value: fails, limit: fall, chosen: !ok },
      { name: 'passed', value: passes, limit: rise, chosen: ok },
    ];
    return {
      phase: turns ? (healthy ? 'up' : 'down') : ok ? 'pass' : 'fail',
      bars,
      result: healthy ? 'in' : 'out',
      note: thresholdNote(ok, turns, healthy, ok ? passes : fails, ok ? rise : fall),
    };
  });
  agree('thresholds', steps, engineHealth(fall, rise, probes));
  return steps;
}

function thresholdNote(ok: boolean, turns: boolean, healthy: boolean, row: number, limit: number): string {
  const probe = `${ok ? 'Passed' : 'Failed'}: ${row} in a row.`;
  if (turns) return `${probe} That is ${limit}, so the backend goes ${healthy ? 'back in' : 'out'}.`;
  if (ok && healthy) return `${probe} It is in already; one success sets the count of failures back to 0.`;
  if (!ok && !healthy) return `${probe} It is out already; one failure sets the count of successes back to 0.`;
  return `${probe} ${limit} would take it ${ok ? 'back in' : 'out'}, so nothing changes yet.`;
}

function engineHealth(fall: number, rise: number, probes: readonly boolean[]): string[] {
  const scenario = world({
    pools: [
      {
        picker: { name: 'round-robin' },
        health: { policy: { name: 'thresholds', options: { fall, rise } } },
        backends: [{ id: 's1', service: { default: { kind: 'constant', valueUs: 1 } } }],
      },
    ],
  });
  const policy = [...policiesFor(scenario).pools.values()][0]!.health!;
  const backend = {
    id: 's1',
    weight: 1,
    inFlight: 0,
    zone: 'a',
    address: '10.0.0.1:8080',
    number: 1,
    maxConnections: Infinity,
    full: false,
  };
  let now: string = 'healthy';
  return probes.map((ok, index) => {
    const result = ok ? ({ reason: 'ok', status: 200 } as const) : ({ reason: 'timeout', status: 0 } as const);
    now = policy.observe(backend, { kind: 'probe', check: 'http', ok, ...result, latencyUs: 1 }, context(index)) ?? now;
    return now === 'healthy' ? 'in' : 'out';
  });
}

/** Routing by path: the longest prefix that matches wins. `routes` maps a prefix to a pool; "/" is the rest. */
export function routes(table: Readonly<Record<string, string>>, paths: readonly string[]): WorkedStep[] {
  const prefixes = Object.keys(table);
  const steps = paths.map((path): WorkedStep => {
    const lengths = prefixes.map((prefix) => (covers(prefix, path) ? prefix.length : 0));
    const longest = Math.max(...lengths);
    const winner = prefixes[lengths.indexOf(longest)]!;
    const matching = prefixes.filter((_, index) => lengths[index]! > 0);
    const others = matching.length > 1 ? ` ${listed(matching)} all match; the longest wins.` : '';
    return {
      phase: 'match',
      bars: prefixes.map((prefix, index) => ({ name: prefix, value: lengths[index]!, chosen: prefix === winner })),
      result: table[winner]!,
      note: `GET ${path} goes to pool ${table[winner]!}, by the prefix ${winner}.${others}`,
    };
  });
  agree('routes', steps, engineRoutes(table, paths));
  return steps;
}

/** Whole path segments: /video covers /video and /video/7, not /videos. */
function covers(prefix: string, path: string): boolean {
  return (
    path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/')
  );
}

function engineRoutes(table: Readonly<Record<string, string>>, paths: readonly string[]): string[] {
  const pools = [...new Set(Object.values(table))];
  const rest = table['/'] ?? pools[0]!;
  const scenario = world({
    balancer: { routes: Object.entries(table).map(([pathPrefix, pool]) => ({ pathPrefix, pool })) },
    pools: [rest, ...pools.filter((pool) => pool !== rest)].map((id) => ({
      id,
      picker: { name: 'round-robin' },
      backends: [{ id: `${id}-1`, service: { default: { kind: 'constant', valueUs: 1 } } }],
    })),
  });
  const { router } = policiesFor(scenario);
  return paths.map((path, index) => {
    const request = {
      id: index + 1,
      client: 'client',
      connection: 1,
      class: 'default',
      method: 'GET',
      host: 'example.test',
      headers: {},
      sourceAddress: '198.51.100.1',
      sourcePort: 1024,
      port: 80,
      bytes: 0,
      attempt: 1,
      tried: [],
    };
    const answer = router?.route({ ...request, path }, context(index));
    return typeof answer === 'string' ? answer : rest;
  });
}

/** A small world around the policy that is being explained. */
function world(parts: Record<string, unknown>): Scenario {
  return parseScenario(
    {
      name: 'worked-example',
      title: 'Worked example',
      shows: 'One decision at a time.',
      durationUs: 1_000_000,
      clients: [{ id: 'client', arrivals: { kind: 'constant', rateRps: 1 } }],
      ...parts,
    },
    'a worked example',
  );
}

function context(nowUs: number) {
  return { nowUs, rng: { float: () => 0, int: () => 0 } };
}

function agree(what: string, steps: readonly WorkedStep[], engine: readonly string[]): void {
  const shown = steps.map(({ result }) => result).join(' ');
  if (shown === engine.join(' ')) return;
  throw new Error(`The worked example of ${what} shows "${shown}", and the engine does "${engine.join(' ')}".`);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
