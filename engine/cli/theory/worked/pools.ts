import { queueing } from '../queueing.ts';
import { NotApplicable, numberIn, numberOf, textOf, UNIT_US } from '../row.ts';
import type { Row } from '../row.ts';
import { critical } from '../facts.ts';
import { start, world } from '../world.ts';
import { experiment, listIn, numbersIn, together } from './experiment.ts';
import type { Example } from './experiment.ts';

/** One server or some of them under more than they can take, in units of one service time. */
const OVERLOAD = ['arrivals', 'service', 'workers'];

/** Requests in one service time, from "Poisson 5000/s" and "exp 1 ms". */
function offered(example: Example): { load: number; perSecond: number } {
  const perSecond = numberIn(textOf(example, 'arrivals'), /([\d.]+)\s*\/s/);
  const serviceMs = numberIn(textOf(example, 'service'), /([\d.]+)\s*ms/);
  if (perSecond === undefined || serviceMs === undefined)
    throw new NotApplicable(`"${textOf(example, 'arrivals')}" names no rate, or the service no time`);
  return { load: (perSecond * serviceMs) / 1000, perSecond };
}

function queueRow(example: Example, scenario: Row['scenario'], more: Partial<Row> = {}): Row {
  const { id, expected } = example;
  return { id, expected, metric: 'mean sojourn', scenario: { service: 'exp(mean 1)', ...scenario }, ...more };
}

export const rejected = experiment(
  'rejected, one server with bounded room',
  OVERLOAD,
  /rejected fraction, 1 server/,
  (example, setting) => {
    const { load } = offered(example);
    const room = listIn(example.metric, /max (.*) in system/);
    const rows = room.map((most) =>
      queueRow(
        example,
        { backends: 1, lambda_: load, queue_limit: most - 1 },
        { metric: 'rejected fraction', requests_needed: 500_000, warmup_requests: 10_000 },
      ),
    );
    const { got, requests } = together(queueing, rows, setting);
    const all = got as number[];
    return {
      got,
      requests,
      checks: all.map((each) => ({
        expected: example.expected,
        got: each,
        tolerance: example.tolerance_abs as number,
      })),
    };
  },
);

/** Seconds that an overloaded server is watched. */
const WATCHED_S = 60;

function overloaded(example: Example, client: Readonly<Record<string, unknown>>) {
  return world({
    durationUs: WATCHED_S * UNIT_US,
    clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: offered(example).perSecond }, ...client }],
    pools: [
      {
        picker: { name: 'round-robin' },
        backends: [
          {
            id: 'b0',
            workers: numberOf(example, 'workers'),
            service: { default: { kind: 'exponential', meanUs: 1000 } },
          },
        ],
      },
    ],
  });
}

export const growth = experiment(
  'the growth of a queue that has no bound',
  OVERLOAD,
  /queue growth/,
  (example, { seed }) => {
    const simulation = start(overloaded(example, {}), { seed });
    simulation.runToEnd();
    const { arrived, served } = simulation.counts;
    return { got: (arrived - served) / WATCHED_S, requests: arrived };
  },
);

export const patience = experiment(
  'goodput behind a queue that has no bound',
  OVERLOAD,
  /goodput fraction/,
  (example, { seed }) => {
    const [fromS, toS] =
      listIn(example.metric, /t=([\d.]+\.\.[\d.]+) s/).length === 2
        ? listIn(example.metric, /t=(.*?) s/)
        : [5, WATCHED_S];
    const timeoutS = numberIn(example.metric, /timeout ([\d.]+) s/) ?? 1;
    const simulation = start(overloaded(example, { timeoutUs: timeoutS * UNIT_US }), { seed });
    simulation.runUntil(fromS! * UNIT_US);
    const before = { ...simulation.counts };
    simulation.runUntil(toS! * UNIT_US);
    const { arrived, served } = simulation.counts;
    return { got: (served - before.served) / (arrived - before.arrived), requests: arrived };
  },
);

export const turnsOverFive = experiment(
  'the share of each in turn',
  OVERLOAD,
  /share per server with RR/,
  (example, { seed }) => {
    const requests = 10_000;
    const row = queueRow(
      example,
      { backends: 5, lambda_: 2.5, picker: 'round-robin' },
      { metric: 'share of requests per backend', requests_needed: requests },
    );
    const { got } = queueing.measure(row, { seed, quick: false, rows: [] });
    const shares = got as number[];
    return {
      got,
      requests,
      checks: shares.map((share) => ({ expected: example.expected, got: share, tolerance: 1 / requests })),
    };
  },
);

export const brim = experiment(
  'the number in the system at load 1',
  OVERLOAD,
  /E\[in system\] per server/,
  (example, setting) => {
    // Requests drawn at random leave each of five servers a Poisson stream of its own: as many runs as the note says, five at a time.
    const runs = 40;
    const servers = 5;
    const { perSecond } = offered(example);
    const atS = numberIn(example.metric, /t\s*=\s*([\d.]+)\s*s/) ?? WATCHED_S;
    const row: Row = {
      ...example,
      metric: `number in system at t=${atS} s`,
      scenario: {
        arrivals: `poisson ${perSecond}/s`,
        service: textOf(example, 'service'),
        backends: servers,
        start: 'empty',
      },
      requests_needed: runs * perSecond * atS,
    };
    const { got, requests } = critical.measure(row, setting);
    return { got: (got as number) / servers, requests };
  },
);

export const slots = experiment('rejected at load 1', OVERLOAD, /rejected fraction at rho=1/, (example, setting) => {
  const { load } = offered(example);
  const most = numberIn(example.metric, /with (\d+) slots/) ?? 100;
  const row = queueRow(
    example,
    { backends: load, lambda_: load, queue_limit: most - 1, picker: 'random' },
    // A bounded queue at load 1 forgets in about most^2 / 2 service times.
    {
      metric: 'rejected fraction',
      requests_needed: example.requests_needed ?? 5_000_000,
      warmup_requests: 10 * load * most * most,
    },
  );
  return together(queueing, [row], setting);
});

export const spread = experiment(
  'a pool by its size',
  OVERLOAD,
  /mean sojourn ms: .* over [\d /]+ servers/,
  (example, setting) => {
    const { load } = offered(example);
    const picker = /\bRR\b/.test(example.metric) ? 'round-robin' : 'random';
    const rows = listIn(example.metric, /over ([\d /]+) servers/).map((backends) =>
      queueRow(example, { backends, lambda_: load, picker }, { requests_needed: example.requests_needed ?? 5_000_000 }),
    );
    return together(queueing, rows, setting);
  },
);

/** Loads that are read off a board. */
export const boards = experiment('stale loads', ['N', 'rho'], /\bmean\b|^random$/, (example, setting) => {
  const backends = numberOf(example, 'N');
  const base = { backends, lambda_: backends * numberOf(example, 'rho') };
  const needed = { requests_needed: 5_000_000 };
  if (example.metric === 'random')
    return together(queueing, [queueRow(example, { ...base, picker: 'random' }, needed)], setting);
  // "P2C mean same": the periods are those of the file's other row, and in the order of its own values.
  const periods = /T=/.test(example.metric) ? listIn(example.metric, /T=(.*)/) : PERIODS;
  const picker = /P2C/.test(example.metric) ? 'P2C distinct' : 'least-loaded';
  const rows = commaList(example.metric, periods).map((every) =>
    queueRow(example, { ...base, picker: `${picker}, board refreshed every ${every}` }, needed),
  );
  return together(queueing, rows, setting);
});

const PERIODS = [0.1, 0.5, 1, 2, 5, 10];

/** "0.1,0.5,1": no commas of thousands. */
function commaList(metric: string, other: readonly number[]): readonly number[] {
  const written = /T=([\d.,]+)/.exec(metric)?.[1];
  return written === undefined ? other : written.split(',').flatMap(numbersIn);
}

export const nearFull = experiment('sojourn near the limit', ['routing'], /sojourn at rho/, (example, setting) => {
  const rho = numberIn(example.metric, /rho ([\d.]+)/) ?? 0.9;
  const rows = ['mean sojourn', 'p99 sojourn'].map((metric) =>
    queueRow(example, { backends: 1, lambda_: rho }, { metric, requests_needed: 5_000_000 }),
  );
  return together(queueing, rows, setting);
});
