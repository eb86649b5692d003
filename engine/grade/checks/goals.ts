import { breachAt } from '../breach.ts';
import type { Check, Runs } from '../check.ts';
import { percent, time } from '../words.ts';

/** Goals for the whole run, as clients see it. The moment to watch is the first attempt that was bad by the goal's own measure. */

/**
 * The 99th percentile of the latency is at most so long, exactly (nearest rank). Traffic is drawn from the seed, so leave room: see `room` in
 * engine/grade/README.md.
 */
export function p99Below(limitUs: number): Check {
  return goal(
    (outcome) => outcome.latencyUs > limitUs,
    ({ yours }) => {
      const p99Us = yours({ metric: 'p99' });
      if (!(p99Us > limitUs)) return undefined;
      return {
        title: 'the slowest hundredth takes too long',
        chose: `p99 is ${time(p99Us)}`,
        better: `at most ${time(limitUs)}`,
        limitUs,
      };
    },
  );
}

/** At least this share of the requests that ended was served. */
export function availabilityAtLeast(share: number): Check {
  return goal(
    ({ kind, status }) => kind !== 'served' || status >= 500,
    ({ yours }) => {
      const ended = yours({ metric: 'count' });
      const failed = yours({ metric: 'failed' });
      if (failed <= (1 - share) * ended) return undefined;
      return {
        title: 'too many requests fail',
        chose: `${failed} of ${ended} requests failed: available ${percent(1 - failed / ended)}`,
        better: `at least ${percent(share)}`,
      };
    },
  );
}

export interface Paired {
  readonly metric: 'p50' | 'p95' | 'p99' | 'mean' | 'failed' | 'peak-in-flight';
  /** Yours may be so many times the reference's; 1 unless said. */
  readonly factor?: number;
  /** And so much more: microseconds, or requests. */
  readonly slack?: number;
}

/**
 * As good as the scenario's own policy, on the same seed: both meet the same requests with the same work, so the comparison is free of the traffic's
 * chance. What is left is the chance in the policies themselves; `factor` and `slack` are for that, and `npm run check` says how often a right
 * solution would fail.
 */
export function noWorseThanReference({ metric, factor = 1, slack = 0 }: Paired): Check {
  const isTime = metric !== 'failed' && metric !== 'peak-in-flight';
  const say = (value: number): string => (isTime ? time(value) : String(value));
  return goal(
    () => true,
    ({ yours, reference }) => {
      const found = yours({ metric });
      const limit = reference({ metric }) * factor + slack;
      if (!(found > limit)) return undefined;
      const allowed = factor === 1 && slack === 0 ? '' : `, so at most ${say(limit)}`;
      return {
        title: `worse than the reference in ${metric}`,
        chose: `${metric} ${say(found)}`,
        better: `${say(reference({ metric }))} with the reference on the same requests${allowed}`,
        ...((metric === 'p95' || metric === 'p99') && { limitUs: limit }),
      };
    },
  );
}

type Finding =
  { readonly title: string; readonly chose: string; readonly better: string; readonly limitUs?: number } | undefined;

function goal(
  isBad: (outcome: { kind: string; status: number; latencyUs: number }) => boolean,
  judge: (runs: Runs) => Finding,
): Check {
  return {
    watch(_scenario, report) {
      let first: { decision: number; atUs: number; request: number } | undefined;
      return {
        on: {
          picker: {
            onRequestEnd({ decision, atUs, args: [, request, outcome] }) {
              if (first === undefined && isBad(outcome))
                first = { decision: Math.max(0, decision - 1), atUs, request: request.id };
            },
          },
        },
        end(runs) {
          const found = judge(runs);
          const moment = first ?? { decision: 0, atUs: 0, request: 0 };
          if (found) report(breachAt(moment, { ...found, request: moment.request }));
        },
      };
    },
  };
}
