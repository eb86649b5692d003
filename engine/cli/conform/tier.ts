import { hashThreshold, modulo, resilientTable, withoutHop } from '../../world/ecmp.ts';
import { intervalProblem, takeoverUs, vrrpElector, vrrpTimers } from '../../tier/vrrp.ts';
import type { VrrpForm } from '../../tier/vrrp.ts';
import { failsOpen, targetShares, ZONAL_AFFINITY } from '../../world/zones.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, Recording, VectorFamily, VectorRow } from './finding.ts';

const rng = { float: () => 0, int: () => 0 };

/** Routers in front of the balancers: who answers for the virtual IP, and which flow goes to whom. */
export const tier: VectorFamily = {
  vectors: {
    'VRRPv2 timers': (row) => timers(row, 'version 2', 'advert_int_s', 1_000_000, 's'),
    'VRRPv3 timers': (row) => timers(row, 'version 3', 'advertisement_interval_cs', 10_000, 'cs'),
    'keepalived VRRPv3 skew': (row) => timers(row, 'keepalived', 'advert_int_us', 1, 'us'),
    'VRRP take-over time': takeover,
    'VRRP preemption decision': preemption,
    'ECMP hash-threshold disruption': disruption,
    'cross-zone arithmetic': crossZone,
    'routing fail-open': failOpen,
    'NLB zonal affinity': zonalAffinity,
    'health check ranges': documentedOnly,
    'deregistration delay': documentedOnly,
    'slow start': documentedOnly,
    'routing algorithms': documentedOnly,
    stickiness: documentedOnly,
    'ALB timeouts': documentedOnly,
    'NLB timeouts': documentedOnly,
    'cross-zone': documentedOnly,
    'NLB flow hash': documentedOnly,
  },
  recordings: [{ of: /^keepalived.*VRRP failover/, replay: failover }],
};

function timers({ params, expected }: VectorRow, form: VrrpForm, field: string, unitUs: number, unit: string): Finding {
  const intervalUs = Number(params[field]) * unitUs;
  if (typeof expected === 'string') return rejected(expected, intervalProblem(form, intervalUs));
  const { skewUs, downUs } = vrrpTimers(form, Number(params.priority), intervalUs);
  const [skew, down] = [skewUs / unitUs, downUs / unitUs];
  const got = { [`skew_${unit}`]: skew, [`master_down_${unit}`]: down, [`master_down_interval_${unit}`]: down };
  const asked = Object.keys(expected as object);
  return same(expected, Object.fromEntries(asked.map((key) => [key, got[key]])), 1e-12);
}

/** A row that says in words that the input is refused. */
function rejected(expected: string, problem: string | undefined): Finding {
  return same(/reject|refus/.test(expected) ? 'refused' : 'accepted', problem === undefined ? 'accepted' : 'refused');
}

function takeover({ params, input, expected }: VectorRow): Finding {
  const intervalUs = Number(params.interval_cs) * 10_000;
  const waits = vrrpTimers('version 3', Number(params.backup_priority), intervalUs);
  const end = /priority 0|resign/.test(String(input)) ? 'resigned' : 'crashed';
  const ageUs = /just before/.test(String(input)) ? intervalUs : 0;
  return same(expected, { takeover_after_cs: takeoverUs(waits, end, ageUs) / 10_000 }, 1e-12);
}

/** A backup of priority `mine` hears `theirs` in the middle of its wait: does it begin to wait anew? */
function preemption({ input, expected }: VectorRow): Finding {
  const { mine, theirs, preempt = true } = input as { mine: number; theirs: number; preempt?: boolean };
  const intervalUs = 1_000_000;
  const elector = vrrpElector({ priority: mine, address: 1, intervalUs, preempt });
  const before = elector.next(undefined, { nowUs: 0, rng });
  const nowUs = Math.floor(before.timerUs / 2);
  const after = elector.next({ priority: theirs, address: 2, intervalUs }, { nowUs, rng });
  return same(expected, wordsFor(after.role, nowUs + after.timerUs - before.timerUs));
}

function wordsFor(role: string, laterUs: number): string {
  if (role === 'master') return 'stay active';
  if (laterUs === 0) return 'ignore advertisement, become active when the timer runs out';
  return laterUs > 0 ? 'stay backup' : 'wait skew time only';
}

function disruption({ params, input, expected }: VectorRow): Finding {
  const hops = Array.from({ length: Number(params.next_hops) }, (_, hop) => hop);
  const { removed_position: lost, hash_space: space } = input as { removed_position: number; hash_space: number };
  const left = hops.filter((hop) => hop !== lost);
  const table = resilientTable(space, hops);
  const mended = withoutHop(table, lost, left);
  const moved = (before: (hash: number) => number | undefined, after: (hash: number) => number | undefined) => {
    let count = 0;
    for (let hash = 0; hash < space; hash += 1) if (before(hash) !== after(hash)) count += 1;
    return count / space;
  };
  const got: Record<string, number> = {
    fraction_moved: moved(
      (hash) => hops[hashThreshold(hash, space, hops.length)],
      (hash) => left[hashThreshold(hash, space, left.length)],
    ),
    modulo_n_fraction_moved: moved(
      (hash) => hops[modulo(hash, hops.length)],
      (hash) => left[modulo(hash, left.length)],
    ),
    rendezvous_fraction_moved: moved(
      (hash) => table[hash],
      (hash) => mended[hash],
    ),
  };
  // The rows have six digits, and count the space as if n and n - 1 divided it: the last region may be one hash short.
  return same(expected, got, 2e-6 + (space % (hops.length * left.length) === 0 ? 0 : (2 * hops.length) / space));
}

function crossZone({ params, expected }: VectorRow): Finding {
  const targets = params.targets_per_zone as number[];
  const percent = (on: boolean) => targetShares(targets, on).map((share) => share * 100);
  // The rows have a few digits behind the point.
  return same(expected, { off: percent(false), on: percent(true) }, 1e-4);
}

function failOpen({ params, input, expected }: VectorRow): Finding {
  const { healthy } = input as { healthy: number };
  const open = failsOpen(healthy, Number(params.minimum_healthy_targets_count ?? 1));
  return same(expected, open ? 'fail open: route to all targets' : `route to the ${healthy} healthy`);
}

function zonalAffinity({ expected }: VectorRow): Finding {
  return same(
    expected,
    Object.fromEntries(Object.entries(ZONAL_AFFINITY).map(([name, share]) => [name, share * 100])),
    1e-12,
  );
}

function documentedOnly(): Finding {
  return notApplicable(
    "a default, range or list of one service's API as its guide words it: it states no behaviour to run",
  );
}

interface Failover {
  readonly kind: string;
  readonly advert_s: number;
  readonly prio_master: number;
  readonly prio_backup: number;
  readonly first_client_reply_from_backup_ms: number | null;
  readonly preempt_back_ms?: number | null;
}

/**
 * Wall-clock times of a busy machine, so medians of each kind in ranges. A router dies at any age of its last advertisement, from 0 to one interval; one that stops
 * resigns. To the arithmetic's range comes what the recording adds: the client asks every 10 ms, and timers on that machine were up to 28 ms late.
 * Coming back also takes the start of a process, which no timer of VRRP covers: up to one more interval is let pass.
 */
function failover({ requests }: Recording): Finding {
  const rows = requests as unknown as readonly Failover[];
  const kinds = new Map<string, Failover[]>();
  for (const row of rows) {
    const name = `${row.kind}, advertised every ${row.advert_s} s`;
    kinds.set(name, [...(kinds.get(name) ?? []), row]);
  }
  for (const [name, group] of kinds) {
    const { kind, advert_s: seconds, prio_backup: backup, prio_master: master } = group[0]!;
    const form = Number.isInteger(seconds) ? 'version 2' : 'keepalived';
    const intervalUs = seconds * 1_000_000;
    const waits = vrrpTimers(form, backup, intervalUs);
    const end = /TERM|parent/.test(kind) ? 'resigned' : 'crashed';
    const least = takeoverUs(waits, end, intervalUs) / 1000;
    const most = takeoverUs(waits, end, 0) / 1000 + LATE_MS;
    const took = median(group.map((row) => row.first_client_reply_from_backup_ms));
    if (took !== undefined && (took < least || took > most)) return outside(`${name}: take-over`, least, most, took);
    const back = vrrpTimers(form, master, intervalUs).downUs / 1000;
    const returned = median(group.map((row) => row.preempt_back_ms ?? null));
    const latest = back + intervalUs / 1000;
    if (returned !== undefined && (returned < back || returned > latest)) {
      return outside(`${name}: coming back`, back, latest, returned);
    }
  }
  return { is: 'matched' };
}

const LATE_MS = 10 + 28;

function outside(where: string, least: number, most: number, got: number): Finding {
  return { is: 'differing', where, expected: `${least} to ${most} ms`, got };
}

function median(values: readonly (number | null)[]): number | undefined {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
