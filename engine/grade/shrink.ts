/**
 * From a world in which a check fails to the smallest one found in which the same check still fails: fewer backends, faults and requests, an earlier end,
 * and nothing in it that is not needed. The learner's code is run again in each candidate, since another world asks it other questions.
 *
 * One step at a time: candidates in a fixed order, the large cuts first, and the first that still fails is the new world (delta debugging: Zeller and
 * Hildebrandt, 2002). Bounded by runs, not by time, so the same failure shrinks to the same world on every machine.
 */
import type { Scenario } from '../world/scenario.ts';
import type { Failure } from './verdict.ts';

/** Runs these worlds with the learner's code, and answers what failed in each. The seed stays. */
export type Trial = (worlds: readonly Scenario[]) => Promise<readonly (Failure | undefined)[]>;

export interface Twin {
  readonly scenario: Scenario;
  readonly failure: Failure;
  /** How many worlds were tried. */
  readonly runs: number;
}

/** So many candidates go on one trip to the sandbox. */
const BATCH = 8;

export async function shrink(
  scenario: Scenario,
  failure: Failure,
  trial: Trial,
  { runs: most = 160 }: { readonly runs?: number } = {},
): Promise<Twin> {
  let best: Twin = { scenario, failure, runs: 0 };
  let runs = 0;

  /** Takes the first of these worlds that still fails; false if none does. */
  async function take(candidates: readonly Scenario[]): Promise<boolean> {
    for (let at = 0; at < candidates.length && runs < most; at += BATCH) {
      const batch = candidates.slice(at, Math.min(at + BATCH, at + most - runs));
      const found = await trial(batch);
      runs += batch.length;
      const place = found.findIndex((one) => one !== undefined && isSame(one, failure));
      if (place === -1) continue;
      best = { scenario: batch[place]!, failure: found[place]!, runs };
      return true;
    }
    return false;
  }

  for (let changed = true; changed && runs < most;) {
    changed = false;
    for (const pass of PASSES) {
      while (runs < most && (await take(pass(best)))) changed = true;
    }
  }
  return { ...best, scenario: named(best.scenario, failure), runs };
}

/** The same check, told by the title that equal mistakes share. */
function isSame(one: Failure, other: Failure): boolean {
  return one.kind === other.kind && one.title === other.title;
}

function named(scenario: Scenario, { title }: Failure): Scenario {
  const backends = scenario.pools.reduce((sum, pool) => sum + pool.backends.length, 0);
  return {
    ...scenario,
    title: `The smallest world found: ${backends} ${backends === 1 ? 'backend' : 'backends'}`,
    shows: `${title}. Everything that the failure does not need was taken away.`,
  };
}

type Pass = (found: Twin) => Scenario[];

const PASSES: readonly Pass[] = [
  earlierEnd,
  fewerActions,
  fewerClients,
  fewerBackends,
  fewerRequests,
  lessOfEverything,
];

/** Ends right after the failure; for checks that judge the whole run, after a part of it. */
function earlierEnd({ scenario, failure }: Twin): Scenario[] {
  const { durationUs } = scenario;
  const afterFailureUs = (failure.when?.atUs ?? durationUs) + 1;
  const ends = [afterFailureUs, ...[1 / 8, 1 / 4, 1 / 2, 3 / 4].map((part) => Math.ceil(durationUs * part))];
  return ends
    .filter((endUs) => endUs < durationUs - 1)
    .map((endUs) => ({
      ...scenario,
      durationUs: endUs,
      timeline: scenario.timeline.filter(({ atUs }) => atUs <= endUs),
    }));
}

function fewerActions({ scenario }: Twin): Scenario[] {
  return without(scenario.timeline, 0).map((timeline) => ({ ...scenario, timeline }));
}

function fewerClients({ scenario }: Twin): Scenario[] {
  return without(scenario.clients, 1).map((clients) => {
    const ids = clients.map(({ id }) => id);
    const timeline = scenario.timeline.filter((action) => !('client' in action) || ids.includes(action.client));
    return { ...scenario, clients, timeline };
  });
}

function fewerBackends({ scenario }: Twin): Scenario[] {
  return scenario.pools.flatMap((pool, place) =>
    without(pool.backends, 1).map((backends) => {
      const gone = pool.backends.filter((backend) => !backends.includes(backend)).map(({ id }) => id);
      const timeline = scenario.timeline.filter((action) => !('backend' in action) || !gone.includes(nameIn(action)));
      return { ...scenario, timeline, pools: scenario.pools.with(place, { ...pool, backends }) };
    }),
  );
}

function nameIn(action: Extract<Scenario['timeline'][number], { backend: unknown }>): string {
  return typeof action.backend === 'string' ? action.backend : action.backend.id;
}

/** Rates are halved while that leaves a request a second. */
function fewerRequests({ scenario }: Twin): Scenario[] {
  return scenario.clients.flatMap((client, place) => {
    // Recorded arrivals have no rate; the earlier end thins them out.
    if (!('rateRps' in client.arrivals)) return [];
    const { rateRps } = client.arrivals;
    if (rateRps < 2) return [];
    const arrivals = { ...client.arrivals, rateRps: rateRps / 2 };
    return [{ ...scenario, clients: scenario.clients.with(place, { ...client, arrivals }) }];
  });
}

/** Parts that may be left out, and chance that may stand still. Where the learner's own policy stood there is nothing to fail any more, so it stays. */
function lessOfEverything({ scenario }: Twin): Scenario[] {
  const { clients, pools, network, balancer } = scenario;
  const still = { kind: 'constant', valueUs: 0 } as const;
  const candidates: Scenario[] = [
    { ...scenario, network: { clientToBalancer: still, balancerToBackend: still, links: [] } },
    { ...scenario, balancer: { ...balancer, rateLimits: [] } },
  ];
  for (const [place, client] of clients.entries()) {
    const swap = (change: Partial<(typeof clients)[number]>): number =>
      candidates.push({ ...scenario, clients: clients.with(place, { ...client, ...change }) });
    if ('rateRps' in client.arrivals) swap({ arrivals: { kind: 'constant', rateRps: client.arrivals.rateRps } });
    swap({ users: 1 });
    for (const requests of without(client.requests, 1)) swap({ requests });
  }
  for (const [place, pool] of pools.entries()) {
    for (const part of PARTS) {
      if (pool[part] === undefined) continue;
      const { [part]: _, ...rest } = pool;
      candidates.push({ ...scenario, pools: pools.with(place, rest) });
    }
  }
  const now = JSON.stringify({ clients, pools, network, balancer });
  return candidates.filter(
    (one) =>
      JSON.stringify({ clients: one.clients, pools: one.pools, network: one.network, balancer: one.balancer }) !== now,
  );
}

const PARTS = [
  'agent',
  'health',
  'outlier',
  'slowStart',
  'hedge',
  'retry',
  'breaker',
  'affinity',
  'queue',
  'timeouts',
  'limits',
  'connections',
] as const;

/** The list without all, without either half, without either quarter … without each, never shorter than `least`. */
function without<T>(list: readonly T[], least: number): T[][] {
  const shorter: T[][] = [];
  for (let size = list.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) {
      const rest = list.filter((_, at) => at < from || at >= from + size);
      if (rest.length >= least) shorter.push(rest);
    }
  }
  return shorter;
}
