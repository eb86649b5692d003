import { Clock } from '../../../balancer/context.ts';
import { Prng } from '../../../core/prng.ts';
import { Alarms } from '../../../world/alarms.ts';
import { Anycast } from '../../../world/anycast.ts';
import { EventQueue } from '../../../world/event-queue.ts';
import { spreadOf } from '../detection.ts';
import { takeovers, takeoverS } from '../failover.ts';
import { byModulo, byTable, byThreshold, movedShare } from '../multipath.ts';
import type { Scheme } from '../multipath.ts';
import { decay } from '../names.ts';
import { NotApplicable, numberIn, numberOf, UNIT_US } from '../row.ts';
import { backends, start, world } from '../world.ts';
import { experiment, FOUR_DIGITS, listIn, meanOf, numbersIn } from './experiment.ts';
import type { Example } from './experiment.ts';

const RUNS = 1000;
const PAIR = ['advert', 'priority'];

function pairOf({ metric, scenario }: Example) {
  const advertS = numberIn(metric, /adverts ([\d.]+) s/) ?? (scenario.advert as number);
  const priority = numberIn(metric, /prio (\d+)/) ?? (scenario.priority as number);
  return { priority, intervalUs: Math.round(advertS * UNIT_US) };
}

export const takeover = experiment('take-over of an address', PAIR, /^takeover|^prio|^adverts/, (example, { seed }) => {
  const { priority, intervalUs } = pairOf(example);
  const found = takeovers(priority, intervalUs, RUNS, seed);
  return { ...spreadOf(example, example.expected as number[], found, THREE_DIGITS), requests: RUNS };
});

/** The bounds are written with three digits after the point. */
const THREE_DIGITS = 5e-4;

export const handOver = experiment('an address that is handed over', PAIR, /^graceful/, (example) => {
  const { priority, intervalUs } = pairOf(example);
  return { got: takeoverS(priority, intervalUs, 0, true), requests: 1 };
});

const PHASES = 20;

/** Requests that get no answer since the only balancer, or the master of a pair, dies at this part of an advertisement; the only one is back after `backS`. */
function unanswered(
  nodes: readonly object[],
  intervalUs: number,
  rateRps: number,
  phase: number,
  backS: number,
  seed: number,
): number {
  const diesUs = Math.round((10 + phase) * intervalUs);
  const lastUs = diesUs + (backS + 5) * UNIT_US;
  const scenario = world({
    durationUs: lastUs,
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps } }],
    pools: [
      {
        picker: { name: 'random' },
        backends: backends(1, { workers: 10, service: { default: { kind: 'constant', valueUs: 100 } } }),
      },
    ],
    tier: { nodes, reach: { kind: 'virtual-ip', advertiseUs: intervalUs } },
    timeline: [
      { do: 'kill-balancer', atUs: diesUs, balancer: 'a' },
      ...(nodes.length === 1 ? [{ do: 'start-balancer', atUs: diesUs + backS * UNIT_US, balancer: 'a' }] : []),
    ],
  });
  const simulation = start(scenario, { seed });
  simulation.runToEnd();
  return simulation.counts.failed;
}

/** The take-over by the backup, on average over phases spread evenly, and the restart of the only one. */
function lostRequests(example: Example, rateRps: number, rebootS: number, seed: number): [number, number] {
  const { priority, intervalUs } = pairOf(example);
  const master = { id: 'a', priority: 255 };
  const pair = [master, { id: 'b', priority }];
  const lost = Array.from({ length: PHASES }, (_, at) =>
    unanswered(pair, intervalUs, rateRps, (at + 0.5) / PHASES, 5, seed),
  );
  return [meanOf(lost), unanswered([master], intervalUs, rateRps, 0.5, rebootS, seed)];
}

export const lostInFailover = experiment(
  'requests lost in a failover',
  PAIR,
  /^failed requests|^ratio/,
  (example, { seed }) => {
    // A ratio is the same at every rate.
    const rate = numbersIn(/at ([\d,]+) req/.exec(example.metric)?.[1] ?? '500')[0]!;
    const rebootS = numberIn(example.metric, /([\d.]+) s reboot/) ?? numberIn(example.claim, /([\d.]+) s reboot/) ?? 90;
    const [pair, single] = lostRequests(example, rate, rebootS, seed);
    return {
      got: example.metric === 'ratio' ? single / pair : [pair, single],
      requests: Math.round(rate * (20 * PHASES + rebootS)),
    };
  },
);

const FLOWS = 200_000;

function flowHashes(seed: number, count = FLOWS): Uint32Array {
  const rng = new Prng(seed).fork('flows');
  return Uint32Array.from({ length: count }, () => rng.u32());
}

/** The part of the flows at each hop. */
function sharesBy(scheme: Scheme, hashes: Uint32Array, hops: number, lost?: number): number[] {
  const counts = new Array<number>(hops).fill(0);
  for (const hash of hashes) counts[scheme(hash, hops, lost)]! += 1;
  return counts.map((count) => count / hashes.length);
}

/** Balancers that share the traffic, one of which dies. */
export const oneOfSeveral = experiment(
  'one of several balancers dies',
  ['lbs'],
  /share|multiplier|utilisation|remapped/,
  (example, { seed }) => {
    const lbs = numberOf(example, 'lbs');
    const hashes = flowHashes(seed);
    const dead = lbs - 1;
    const requests = FLOWS;
    if (/remapped/.test(example.metric)) {
      const scheme = /mod/.test(example.metric) ? byModulo : byTable(128);
      return { got: movedShare(scheme, hashes, lbs, dead), requests };
    }
    const before = sharesBy(byModulo, hashes, lbs);
    if (/failed share/.test(example.metric)) return { got: before[dead], requests };
    const after = sharesBy(byModulo, hashes, lbs, dead);
    const staying = [...before.keys()].filter((lb) => lb !== dead);
    const multiplier = meanOf(staying.map((lb) => after[lb]!)) / meanOf(before);
    if (/multiplier/.test(example.metric)) return { got: multiplier, requests };
    // Where the survivors are just full.
    return { got: 1 / multiplier, requests, tolerance: FOUR_DIGITS };
  },
);

const FLEET = ['rate', 'node_capacity'];

export const fleet = experiment('utilisation of a fleet', FLEET, /^utilisation/, (example, { seed }) => {
  const rate = numberOf(example, 'rate');
  const hops = numberIn(example.metric, /N=(\d+)/) ?? 0;
  const hashes = flowHashes(seed, rate);
  const got = [undefined, hops - 1].map((lost) => {
    const shares = sharesBy(byModulo, hashes, hops, lost).filter((_, hop) => hop !== lost);
    return (meanOf(shares) * rate) / numberOf(example, 'node_capacity');
  });
  return { got, requests: 2 * rate };
});

export const imbalance = experiment(
  'chance in the spread of flows',
  FLEET,
  /^per-node imbalance/,
  (example, { seed }) => {
    const rate = numberOf(example, 'rate');
    const hops = numberIn(example.metric, /N=(\d+)/) ?? 0;
    const seconds = 10;
    const squares = Array.from({ length: seconds }, (_, second) =>
      meanOf(
        sharesBy(byModulo, flowHashes(seed + second, rate), hops).map(
          (share) => (share * hops - 1) * (share * hops - 1),
        ),
      ),
    );
    return { got: Math.sqrt(meanOf(squares)), requests: seconds * rate };
  },
);

export const remappedFlows = experiment('flows that move, by scheme', FLEET, /^flows remapped/, (example, { seed }) => {
  const [hops = 0] = numbersIn(example.metric);
  const hashes = flowHashes(seed);
  const got = [byModulo, byThreshold, byTable(128)].map((scheme) =>
    meanOf(Array.from({ length: hops }, (_, lost) => movedShare(scheme, hashes, hops, lost))),
  );
  return { got, requests: 3 * FLOWS };
});

const CACHES = 10_000;

export const lostToNames = experiment(
  'traffic lost to old records',
  [],
  /failed-traffic seconds/,
  (example, { seed }) => {
    const detectS = numberIn(example.metric, /detection ([\d.]+) s/) ?? 0;
    const got = listIn(example.metric, /TTL ([\d./ ]+)/).map((ttlS) => decay(ttlS, detectS, seed).lostS);
    return { got, requests: CACHES };
  },
);

export const lostWithDetection = experiment(
  'traffic lost to old records, with detection',
  ['caches'],
  /^total with/,
  (example, { seed }) => {
    const detectS = numberIn(example.metric, /with ([\d.]+) s/) ?? 0;
    return { got: decay(numberIn(example.metric, /TTL ([\d.]+)/) ?? 60, detectS, seed).lostS, requests: CACHES };
  },
);

export const residual = experiment(
  'old records at half their time',
  ['caches'],
  /^residual at half/,
  (_example, { seed }) => ({
    got: decay(60, 0, seed).residual(0.5),
    requests: CACHES,
  }),
);

/** One network whose best site dies, withdrawing its route or silently: seconds until it goes to another. */
function anycastLossS(
  holdS: number,
  keepaliveS: number,
  convergenceS: number,
  silentFrom: number | undefined,
  seed: number,
): number {
  const clock = new Clock();
  const agenda = new EventQueue();
  const alarms = new Alarms(clock, agenda);
  const sessions = { holdUs: holdS * UNIT_US, keepaliveUs: keepaliveS * UNIT_US, bfd: undefined };
  const convergence = { kind: 'constant', valueUs: Math.round(convergenceS * UNIT_US) } as const;
  const anycast = new Anycast(
    { sites: 2, preferences: [[0, 1]], sessions, convergence },
    clock,
    alarms,
    new Prng(seed),
    () => undefined,
  );
  const diesUs = silentFrom === undefined ? UNIT_US : Math.round((1 + silentFrom) * keepaliveS * UNIT_US);
  clock.nowUs = diesUs;
  if (silentFrom === undefined) anycast.withdraw(0);
  else anycast.fallSilent(0);
  while (anycast.siteOf(0) === 0) {
    clock.nowUs = agenda.nextUs;
    const { nextSubject, nextStamp } = agenda;
    agenda.pop();
    alarms.ring(nextSubject, nextStamp);
  }
  return (clock.nowUs - diesUs) / UNIT_US;
}

export const withdrawn = experiment(
  'a route that is withdrawn',
  ['ttl'],
  /^anycast active withdraw/,
  (example, { seed }) => {
    const convergenceS = numberIn(example.metric, /with ([\d.]+) s/);
    if (convergenceS === undefined) throw new NotApplicable('it names no time to converge');
    return { got: anycastLossS(90, 30, convergenceS, undefined, seed), requests: 1 };
  },
);

export const silent = experiment('a site that dies silently', ['ttl'], /^anycast silent death/, (example, { seed }) => {
  const holdS = numberIn(example.metric, /hold ([\d.]+) s/) ?? 90;
  const keepaliveS = numberIn(example.metric, /keepalive ([\d.]+) s/) ?? 30;
  const phases = new Prng(seed).fork('phases');
  const times = Array.from({ length: RUNS }, () => anycastLossS(holdS, keepaliveS, 0, phases.float(), seed));
  return { ...spreadOf(example, example.expected as number[], times), requests: RUNS };
});
