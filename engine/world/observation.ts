import { BELIEVED } from '../balancer/roster.ts';
import { accessLog } from '../metrics/access-log.ts';
import { alerts } from '../metrics/alerts.ts';
import type { Alert } from '../metrics/alerts.ts';
import { stretches } from '../metrics/beliefs.ts';
import { readings } from '../metrics/readings.ts';
import type { Readings, Sizes } from '../metrics/readings.ts';
import { searchTrace } from '../metrics/search.ts';
import type { Found, Search } from '../metrics/search.ts';
import { FAILING, STOPPED, TRUTH } from './servers.ts';
import type { Simulation } from './simulation.ts';

/** What an operator's tools show of a run that keeps its trace, up to now. */

/** Rates, errors, percentiles, in flight, queues, use of connections and bytes, of each backend and of all, over fromUs <= t < toUs. */
export function readingsOf(run: Simulation, fromUs: number, toUs: number): Readings {
  return readings(run.log, fromUs, toUs, sizesOf(run));
}

/** The run as HAProxy would have logged it. */
export function accessLogOf(run: Simulation): string[] {
  const { clients } = run.scenario;
  const pools = run.backends().map(({ pool }) => pool);
  const kinds = new Map(clients.map(({ id, requests }) => [id, new Map(requests.map((kind) => [kind.name, kind]))]));
  const { names } = run.log;
  return accessLog(run.trace, run.log, {
    request: (client, requestClass) => kinds.get(names.clients[client]!)!.get(names.classes[requestClass]!)!,
    poolOf: (backend) => pools[backend]!,
  });
}

/** The alerts of the scenario that fired. */
export function alertsOf(run: Simulation): Alert[] {
  const settings = run.scenario.alerts;
  if (settings === undefined) return [];
  return alerts(run.trace, run.trace.notes, settings, {
    backends: run.log.names.backends.length,
    healthy: BELIEVED.healthy,
    unhealthy: BELIEVED.unhealthy,
    maxConnections: sizesOf(run).maxConnections,
    untilUs: run.nowUs,
  });
}

export function searchOf(run: Simulation, search: Search): Found[] {
  return searchTrace(run.trace, run.log.names, search);
}

/** What the balancer believed of a backend beside what was true, while neither changed: fromUs <= t < toUs. */
export interface Belief {
  readonly backend: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly believed: keyof typeof BELIEVED;
  readonly truth: keyof typeof TRUTH | 'failing' | 'stopped';
  /** It sends requests to a machine that is not well, or sends none to one that is. An operator's order to drain is no error. */
  readonly isWrong: boolean;
}

/** Backend by backend, from the start up to now. `node`: which balancer of a tier. */
export function beliefsOf(run: Simulation, node = 0): Belief[] {
  const { backends } = run.log.names;
  const start = { believed: BELIEVED.healthy, truth: TRUTH.healthy };
  return stretches(run.trace, run.trace.notes, backends.length, run.nowUs, node, start).map(
    ({ backend, fromUs, toUs, ...codes }) => {
      const isWell = codes.truth === TRUTH.healthy;
      return {
        backend: backends[backend]!,
        fromUs,
        toUs,
        believed: BELIEF_NAMES.get(codes.believed)!,
        truth: TRUTH_NAMES.get(codes.truth)!,
        isWrong: codes.believed === BELIEVED.healthy ? !isWell : codes.believed === BELIEVED.unhealthy && isWell,
      };
    },
  );
}

/** What was believed and true at an instant, a row for each backend. */
export function beliefsAt(run: Simulation, atUs: number, node = 0): Belief[] {
  return beliefsOf(run, node).filter(({ fromUs, toUs }) => fromUs <= atUs && atUs < toUs);
}

const BELIEF_NAMES = new Map<number, keyof typeof BELIEVED>(
  Object.entries(BELIEVED).map(([name, code]) => [code, name as keyof typeof BELIEVED]),
);
const TRUTH_NAMES = new Map<number, Belief['truth']>([
  ...Object.entries(TRUTH).map(([name, code]) => [code, name as keyof typeof TRUTH] as const),
  [FAILING, 'failing'],
  [STOPPED, 'stopped'],
]);

function sizesOf(run: Simulation): Sizes {
  const { clients } = run.scenario;
  const { names } = run.log;
  const bytes = clients.map(({ requests }) =>
    names.classes.map((name) => {
      const kind = requests.find((one) => one.name === name);
      return { in: kind?.requestBytes ?? 0, out: kind?.responseBytes ?? 0 };
    }),
  );
  return {
    bytes: (client, requestClass) => bytes[client]![requestClass]!,
    maxConnections: run.backends().map(({ maxConnections }) => maxConnections),
  };
}
