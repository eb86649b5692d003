/**
 * How the cost of a request changes as a run gets longer, and what the run keeps: the same world with 10^4 to 10^7 requests, without and with a trace,
 * with retries, on layer 4 with a table of connections, behind 1, 10 and 100 balancers, and with tables of flows. Each size has a process of its own, so that
 * memory is its own too. What is measured is the world and not the compiler: code gets fast while it runs, so a run of 200,000 requests goes before, and of
 * short runs the median of several counts.
 */
import { spawnSync } from 'node:child_process';
import { policiesFor, Simulation } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { busySeconds } from './busy.ts';

const KINDS = [
  'plain',
  'traced',
  'retries',
  'layer 4',
  '1 balancer',
  '10 balancers',
  '100 balancers',
  '10 with flow tables',
  '10 behind layer 4',
] as const;
const SIZES = [10_000, 100_000, 1_000_000, 10_000_000];
/** A trace of ten million requests is 3 GB. */
const LARGEST_TRACED = 1_000_000;
const RATE_RPS = 20_000;
const BACKENDS = 10;
/** Requests that have the code compiled. */
const WARM = 200_000;
/** Runs to take the median of: so many requests together, at most 15 and at least one. */
const MEASURED = 1_000_000;

/** `bench` is the file to start for one run alone. */
export function benchScale([kind, size]: readonly string[], bench: string): void {
  if (kind !== undefined && size !== undefined) {
    run(kind, Number(size));
    return;
  }
  console.log(
    `One world, ${BACKENDS} backends at 70 % load, as it gets longer: warm code, median of up to 15 runs; Node ${process.version}\n`,
  );
  console.log('| world | requests | events | ns an event | ns a request | peak memory, MB |');
  console.log('|---|---:|---:|---:|---:|---:|');
  for (const one of KINDS.filter((name) => kind === undefined || name === kind)) {
    for (const requests of SIZES.filter((n) => one !== 'traced' || n <= LARGEST_TRACED))
      spawnSync(process.execPath, [bench, 'scale', one, String(requests)], { stdio: 'inherit' });
  }
}

function run(kind: string, requests: number): void {
  const trace = kind === 'traced';
  const start = (size: number): Simulation => {
    const scenario = scenarioOf(kind, size);
    return new Simulation(scenario, policiesFor(scenario), { trace });
  };
  start(WARM).runToEnd();
  const rounds = Math.min(15, Math.max(1, Math.round(MEASURED / requests)));
  const costs = Array.from({ length: rounds }, () => {
    const simulation = start(requests);
    const seconds = busySeconds(() => simulation.runToEnd());
    // Without a trace: arrived, sent, begun, answered.
    const events = trace ? simulation.trace.length : 4 * simulation.counts.arrived;
    return { events, eventNs: (seconds * 1e9) / events, requestNs: (seconds * 1e9) / simulation.counts.arrived };
  });
  const { events, eventNs, requestNs } = costs.toSorted((one, other) => one.eventNs - other.eventNs)[rounds >> 1]!;
  const { maxRSS } = process.resourceUsage();
  const cells = [
    requests.toLocaleString('en'),
    events.toLocaleString('en'),
    eventNs.toFixed(0),
    requestNs.toFixed(0),
    (maxRSS / 1024).toFixed(0),
  ];
  console.log(`| ${kind} | ${cells.join(' | ')} |`);
}

function scenarioOf(kind: string, requests: number) {
  const onLayer4 = kind === 'layer 4' || kind === '10 with flow tables';
  const service = { default: { kind: 'exponential', meanUs: Math.round((0.7 * BACKENDS * 1_000_000) / RATE_RPS) } };
  const input = {
    name: 'bench',
    title: 'Bench',
    shows: 'How the cost grows.',
    durationUs: Math.round((requests / RATE_RPS) * 1_000_000),
    clients: [
      {
        id: 'c',
        arrivals: { kind: 'poisson', rateRps: RATE_RPS },
        ...((onLayer4 || kind === '10 behind layer 4') && { connections: 1_000 }),
      },
    ],
    balancer: { layer: onLayer4 ? 4 : 7 },
    ...tierOf(kind),
    pools: [
      {
        picker: { name: 'least-connections' },
        ...(kind === 'retries' && { retry: { on: ['5xx'] } }),
        backends: Array.from({ length: BACKENDS }, (_, at) => ({ id: `s${at}`, service })),
      },
    ],
    timeline: kind === 'retries' ? [{ do: 'fail', atUs: 0, backend: 's0', share: 0.1 }] : [],
  };
  return parseScenario(input, 'the bench');
}

/** As many balancers as the kind begins with a number of; they share the traffic at random, or a router spreads it. */
function tierOf(kind: string) {
  const count = Number.parseInt(kind, 10);
  if (Number.isNaN(count)) return {};
  const nodes = [{ id: 'lb', count }];
  if (kind === '10 with flow tables')
    return { tier: { nodes, reach: { kind: 'ecmp' }, flowTable: { name: 'maglev-with-table' } } };
  if (kind === '10 behind layer 4')
    return { tier: { nodes, reach: { kind: 'layer-4', nodes: [{ id: 'l4', count: 10 }] } } };
  return { tier: { nodes } };
}
