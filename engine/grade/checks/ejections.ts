import type { Backend, Health, HealthPolicy } from '../../core/policy.ts';
import type { Scenario } from '../../world/scenario.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenCall, Watcher } from '../check.ts';
import { list, percent, time } from '../words.ts';

/** What outlier detection may do: answers of `observe`, `sweep` and `onRequestStart` of a policy that judges responses. */

interface Turn {
  readonly decision: number;
  readonly atUs: number;
  readonly pool: string;
  readonly backend: Backend;
  readonly to: Health;
}

/** Calls `onTurn` for each change of health, and tells who is out after it. */
function turns(onTurn: (turn: Turn, out: ReadonlySet<Backend>) => void): NonNullable<Watcher['on']> {
  const out = new Map<string, Set<Backend>>();
  const turn = ({ decision, atUs, pool }: SeenCall<never>, backend: Backend, to: Health | undefined): void => {
    const gone = out.get(pool) ?? new Set();
    out.set(pool, gone);
    if (to === undefined || (to === 'unhealthy') === gone.has(backend)) return;
    if (to === 'unhealthy') gone.add(backend);
    else gone.delete(backend);
    onTurn({ decision, atUs, pool, backend, to }, gone);
  };
  return {
    outlier: {
      observe: (seen) => turn(seen, seen.args[0], seen.answer),
      sweep: (seen: SeenCall<NonNullable<HealthPolicy['sweep']>>) => {
        // One answer is one moment: whoever comes back makes room for whoever goes.
        const answer = [...(seen.answer ?? [])];
        for (const [backend, to] of answer) if (to === 'healthy') turn(seen, backend, to);
        for (const [backend, to] of answer) if (to === 'unhealthy') turn(seen, backend, to);
      },
      onRequestStart: (seen: SeenCall<NonNullable<HealthPolicy['onRequestStart']>>) =>
        turn(seen, seen.args[0], seen.answer),
    },
  };
}

/** Only these are ejected; absent: those that the timeline breaks, from the moment it does. Exact, if the others cannot fail by chance. */
export function ejectsOnly(guilty?: readonly string[]): Check {
  return {
    watch: (scenario, report) => ({
      on: turns((turn) => {
        if (turn.to !== 'unhealthy') return;
        const known = guilty ?? brokenBy(scenario, turn.atUs);
        if (known.includes(turn.backend.id)) return;
        report(
          breachAt(turn, {
            title: 'a good backend is ejected',
            chose: `${turn.backend.id} unhealthy`,
            better:
              known.length === 0
                ? 'nobody: all are well'
                : `only ${list(known)}: ${turn.backend.id} is no worse than the others`,
            backends: { chose: turn.backend.id },
          }),
        );
      }),
    }),
  };
}

/** Below this share of errors a backend has bad luck, and is not broken. */
const BROKEN = 0.5;

/** Those that the timeline has broken by then. Half of a pool or more is nobody's fault: there is nothing left to compare them with. */
function brokenBy({ timeline, pools }: Scenario, atUs: number): string[] {
  const broken = new Set<string>();
  for (const action of timeline) {
    if (action.atUs > atUs) continue;
    const { do: what } = action;
    if (what === 'crash' || what === 'hang' || what === 'slow' || (what === 'fail' && action.share >= BROKEN))
      broken.add(action.backend);
  }
  const fleet = pools.filter(
    ({ backends }) => 2 * backends.filter(({ id }) => broken.has(id)).length >= backends.length,
  );
  for (const { backends } of fleet) for (const { id } of backends) broken.delete(id);
  return [...broken];
}

/** Never more than this share of the pool is out at once; one may always be. Exact. */
export function ejectsAtMost(share: number): Check {
  return {
    watch: (scenario, report) => ({
      on: turns((turn, out) => {
        const size = scenario.pools.find(({ id }) => id === turn.pool)?.backends.length ?? out.size;
        const most = Math.max(1, Math.floor(share * size));
        if (turn.to !== 'unhealthy' || out.size <= most) return;
        report(
          breachAt(turn, {
            title: 'too many backends are ejected',
            chose: `${turn.backend.id} as well: ${out.size} of ${size} are out`,
            better: `to keep it: at most ${percent(share)} may be out, here ${most}`,
            backends: { chose: turn.backend.id },
          }),
        );
      }),
    }),
  };
}

export interface Ejections {
  /** How long the first ejection of a backend lasts, and so much longer each further one. */
  readonly baseUs: number;
  /** The time between two sweeps: an ejection ends with the first sweep for which its time is up. */
  readonly sweepUs: number;
  /** Ejections grow no further than this; no limit unless said. */
  readonly mostUs?: number;
}

/** The nth ejection of a backend lasts n times the base, and ends with a sweep. Exact. */
export function ejectionGrows({ baseUs, sweepUs, mostUs = Infinity }: Ejections): Check {
  return {
    watch(_scenario, report) {
      const times = new Map<Backend, { ejections: number; sinceUs: number }>();
      return {
        on: turns((turn) => {
          const known = times.get(turn.backend) ?? { ejections: 0, sinceUs: 0 };
          times.set(turn.backend, known);
          if (turn.to === 'unhealthy') {
            known.ejections += 1;
            known.sinceUs = turn.atUs;
            return;
          }
          const lastedUs = turn.atUs - known.sinceUs;
          const rightUs = Math.min(baseUs * known.ejections, mostUs);
          const endsUs = Math.ceil((known.sinceUs + rightUs) / sweepUs) * sweepUs;
          if (turn.atUs === endsUs) return;
          report(
            breachAt(turn, {
              title: `an ejection ends too ${turn.atUs < endsUs ? 'early' : 'late'}`,
              chose: `${turn.backend.id} healthy after ${time(lastedUs)}`,
              better: `after ${time(endsUs - known.sinceUs)}, with a sweep: it was ejection number ${known.ejections}`,
              backends: { chose: turn.backend.id },
            }),
          );
        }),
      };
    },
  };
}

/** Whoever is ejected is healthy again within so long. Exact. */
export function returnsWithin(mostUs: number): Check {
  return {
    watch(scenario, report) {
      const outSince = new Map<Backend, Turn>();
      const judge = (since: Turn, untilUs: number): void => {
        if (untilUs - since.atUs <= mostUs) return;
        report(
          breachAt(since, {
            title: 'an ejected backend does not come back',
            chose: `${since.backend.id} unhealthy for ${time(untilUs - since.atUs)}`,
            better: `healthy again after at most ${time(mostUs)}`,
            backends: { chose: since.backend.id },
          }),
        );
      };
      return {
        on: turns((turn) => {
          const since = outSince.get(turn.backend);
          outSince.delete(turn.backend);
          if (turn.to === 'unhealthy') outSince.set(turn.backend, turn);
          else if (since) judge(since, turn.atUs);
        }),
        end() {
          for (const since of outSince.values()) judge(since, scenario.durationUs);
        },
      };
    },
  };
}
