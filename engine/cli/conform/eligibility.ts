/** Who may be picked: priority levels, panic and localities as Envoy has them. */
import { LocalityTurns, localityWeight, zoneSplit } from '../../balancer/localities.ts';
import { levelFor, loadsOf } from '../../balancer/priority-levels.ts';
import type { LevelHealth } from '../../balancer/priority-levels.ts';
import { eligibilityRecordings } from './eligibility-recordings.ts';
import { same } from './finding.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';

export const eligibility: VectorFamily = {
  vectors: {
    'priority load and panic': checkLoads,
    'priority load': checkLoads,
    'priority load, two-level spillover by healthy percent': checkLoads,
    'choose priority from hash': checkLevel,
    'locality weighted EDF': checkTurns,
    'locality EDF seeded first pick': checkFirstTurns,
    'locality effective weight': checkWeights,
    'zone-aware routing split': checkZones,
  },
  recordings: eligibilityRecordings,
};

interface LoadParams {
  readonly overprovisioning_factor_percent: number;
  readonly panic_threshold_percent: number;
}

/** A level as rows write it: hosts counted or weighed. */
interface LevelRow {
  readonly hosts?: number;
  readonly healthy?: number;
  readonly degraded?: number;
  readonly excluded?: number;
  readonly eligible_weight?: number;
  readonly healthy_weight?: number;
  readonly degraded_weight?: number;
}

function checkLoads({ params, input, expected }: VectorRow): Finding {
  const { overprovisioning_factor_percent = 140, panic_threshold_percent = 50 } = params as Partial<LoadParams>;
  const loads = loadsOf(levelsOf(input), overprovisioning_factor_percent, panic_threshold_percent);
  return compared(expected, {
    level_health_percent: loads.health,
    level_degraded_percent: loads.degradedHealth,
    healthy_load: loads.load,
    degraded_load: loads.degradedLoad,
    panic: loads.panic,
    normalized_total_availability: loads.available,
  });
}

function levelsOf(input: unknown): LevelHealth[] {
  if (Array.isArray(input)) {
    return (input as LevelRow[]).map((row) => ({
      hosts: row.eligible_weight ?? row.hosts! - (row.excluded ?? 0),
      healthy: row.healthy_weight ?? row.healthy ?? 0,
      degraded: row.degraded_weight ?? row.degraded ?? 0,
    }));
  }
  const { healthy_percent, degraded_percent, hosts_per_level } = input as {
    readonly healthy_percent: readonly number[];
    readonly degraded_percent?: readonly number[];
    readonly hosts_per_level: number;
  };
  const part = (percent: number) => Math.round((percent * hosts_per_level) / 100);
  return healthy_percent.map((percent, level) => ({
    hosts: hosts_per_level,
    healthy: part(percent),
    degraded: part(degraded_percent?.[level] ?? 0),
  }));
}

function checkLevel({ params, input, expected }: VectorRow): Finding {
  const { healthy_load, degraded_load = [] } = params as unknown as {
    readonly healthy_load: readonly number[];
    readonly degraded_load?: readonly number[];
  };
  const { hashes } = input as { readonly hashes: readonly (number | string)[] };
  const answers = hashes.map((hash) =>
    levelFor({ load: healthy_load, degradedLoad: degraded_load }, Number(BigInt(hash) % 100n)),
  );
  return same(
    expected,
    answers.map(({ level }) => level),
  );
}

interface LocalityParams {
  readonly locality_weights: readonly number[];
  readonly overprovisioning_factor?: number;
}

interface LocalityHealth {
  readonly picks?: number;
  readonly seed?: number;
  readonly healthy?: readonly number[];
  readonly total?: readonly number[];
  readonly excluded?: readonly number[];
  readonly healthy_percent?: readonly number[];
}

/** The weights that the health of a row leaves; all of them where it says nothing. */
function weightsOf(row: VectorRow): number[] {
  const { locality_weights, overprovisioning_factor = 1.4 } = row.params as unknown as LocalityParams;
  const { healthy, healthy_percent, total, excluded } = row.input as LocalityHealth;
  return locality_weights.map((weight, zone) => {
    if (healthy === undefined && healthy_percent === undefined) return weight;
    const hosts = healthy === undefined ? 100 : total![zone]! - (excluded?.[zone] ?? 0);
    return localityWeight(weight, (healthy ?? healthy_percent)![zone]!, hosts, overprovisioning_factor);
  });
}

function checkTurns(row: VectorRow): Finding {
  const { picks = (row.expected as readonly unknown[]).length, seed = 0 } = row.input as LocalityHealth;
  return same(row.expected, take(new LocalityTurns(weightsOf(row), seed), picks));
}

function checkFirstTurns(row: VectorRow): Finding {
  const { seeds } = row.input as { readonly seeds: readonly number[] };
  const weights = weightsOf(row);
  const firsts = seeds.map((seed) => new LocalityTurns(weights, seed).next());
  return compared(row.expected, { first_pick_counts: countsOf(firsts, weights.length), first_picks: firsts });
}

function checkWeights(row: VectorRow): Finding {
  const weights = weightsOf(row);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const percent = weights.map((weight) => (100 * weight) / total);
  const expected = row.expected as Readonly<Record<string, unknown>>;
  return compared(
    expected,
    {
      effective: weights,
      percent,
      exact_first_percent: percent[0],
      percent_split: (expected.percent_split as number[] | undefined)?.map((stated, zone) =>
        printed(stated, percent[zone]!),
      ),
      picks_per_100: countsOf(take(new LocalityTurns(weights), 100), weights.length),
    },
    // The rows print four digits after the point.
    1e-5,
  );
}

function checkZones({ input, expected }: VectorRow): Finding {
  const { local_cluster_hosts_per_zone, upstream_healthy_hosts_per_zone, own_zone } = input as {
    readonly local_cluster_hosts_per_zone: readonly number[];
    readonly upstream_healthy_hosts_per_zone: readonly number[];
    readonly own_zone: number;
  };
  const split = zoneSplit(local_cluster_hosts_per_zone, upstream_healthy_hosts_per_zone, own_zone);
  return compared(expected, {
    local_percent: split.local,
    upstream_percent: split.upstream,
    mode: MODES[split.mode],
    local_percent_to_route: split.stays,
    residual_cumulative: split.residual,
  });
}

const MODES = { direct: 'LocalityDirect', residual: 'LocalityResidual' } as const;

function take(turns: LocalityTurns, count: number): number[] {
  return Array.from({ length: count }, () => turns.next());
}

function countsOf(zones: readonly number[], length: number): number[] {
  const counts = Array.from({ length }, () => 0);
  for (const zone of zones) counts[zone]!++;
  return counts;
}

/** Documentation prints whole percents, sometimes rounded and sometimes cut off: its number if it is either, else ours. */
function printed(stated: number, exact: number): number {
  return stated === Math.floor(exact) || stated === Math.ceil(exact) ? stated : exact;
}

/** Compares what the row states; it need not state all we have. */
function compared(expected: unknown, got: Readonly<Record<string, unknown>>, relative = 0): Finding {
  const stated = Object.keys(expected as object);
  return same(expected, Object.fromEntries(stated.map((key) => [key, got[key]])), relative);
}
