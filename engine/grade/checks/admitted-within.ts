import type { AdmissionPolicy, Request } from '../../core/policy.ts';
import type { Scenario } from '../../world/scenario.ts';
import { breachAt } from '../breach.ts';
import type { Check, Report, SeenCall } from '../check.ts';

export interface Rate {
  /** Absent: those of the scenario's own limit. */
  readonly rateRps?: number;
  readonly burst?: number;
  /** Requests with the same key share a limit. Absent: all do. */
  readonly key?: (request: Request) => string;
}

type Seen = SeenCall<AdmissionPolicy['admit']>;

const ONE = 1_000_000;
const MILLISECOND_US = 1000;

/** What a bucket holds, in millionths of a token, before the answer that was seen. */
interface Level {
  readonly tokens: number;
  /** Before the bucket ran over. */
  readonly poured: number;
}

/**
 * In any window of t seconds at most burst + rate x t requests are admitted, and none is refused that would have fitted. For every window at once, that is
 * what a bucket says that holds `burst` and refills at `rate`: below one token nobody may be admitted, with one or more nobody may be refused.
 *
 * Tolerance: a time is whole microseconds, so tokens may be off by what one of them refills, rate millionths of one; the same again for the rounding
 * of a solution that counts in doubles. A bucket that ran over is full, and no rounding takes from that.
 */
export function admittedWithin(rate: Rate = {}): Check {
  return watchBuckets(rate, (seen, { tokens, poured }, { rateRps, burst }, report) => {
    const { decision, atUs, args, answer } = seen;
    const tolerance = 2 * Math.max(1, rateRps);
    const held = (tokens / ONE).toFixed(3);
    const tell = (title: string, chose: string, better: string): void =>
      report(breachAt({ decision, atUs }, { title, request: args[0].id, chose, better }));
    if (typeof answer !== 'number') {
      if (tokens >= ONE - tolerance) return;
      const better = `refused: of ${burst} with ${rateRps} a second, ${held} of a request is left at this moment`;
      tell('more is admitted than rate and burst allow', 'admitted', better);
    } else if (Math.min(burst * ONE, poured - tolerance) >= ONE) {
      const chose = `refused, to come again after ${answer} µs`;
      tell(
        'a request is refused that rate and burst allow',
        chose,
        `admitted: ${held} requests are left at this moment`,
      );
    }
  });
}

/** Who is refused is told when there will be a token. Tolerance: a millisecond, for solutions whose clock counts in them. */
export function refusedUntil(rate: Rate = {}): Check {
  return watchBuckets(rate, ({ decision, atUs, args, answer }, { tokens }, { rateRps }, report) => {
    if (typeof answer !== 'number') return;
    const waitUs = Math.max(0, (ONE - tokens) / rateRps);
    if (Math.abs(answer - waitUs) <= MILLISECOND_US) return;
    report(
      breachAt(
        { decision, atUs },
        {
          title: 'who is refused is told a wrong time',
          request: args[0].id,
          chose: `to come again after ${answer} µs`,
          better: `after ${Math.ceil(waitUs)} µs, when there is a token: ${(tokens / ONE).toFixed(3)} is left, and ${rateRps} come each second`,
        },
      ),
    );
  });
}

/** Follows what was admitted with a bucket for each key. */
function watchBuckets(
  { key = () => '', ...own }: Rate,
  judge: (seen: Seen, level: Level, rate: { readonly rateRps: number; readonly burst: number }, report: Report) => void,
): Check {
  return {
    watch(scenario, report) {
      const rate = { ...limitOf(scenario), ...own };
      const { rateRps, burst } = rate;
      const buckets = new Map<string, { tokens: number; atUs: number }>();
      return {
        on: {
          admission: {
            admit(seen) {
              const { atUs, pool, args, answer } = seen;
              const name = `${pool} ${key(args[0])}`;
              const bucket = buckets.get(name) ?? { tokens: burst * ONE, atUs };
              buckets.set(name, bucket);
              const poured = bucket.tokens + (atUs - bucket.atUs) * rateRps;
              const tokens = Math.min(burst * ONE, poured);
              judge(seen, { tokens, poured }, rate, report);
              bucket.tokens = typeof answer === 'number' ? tokens : Math.max(0, tokens - ONE);
              bucket.atUs = atUs;
            },
          },
        },
      };
    },
  };
}

/** What the first limit of the scenario says of itself: the learner's stands in its place, and is told the same. */
function limitOf({ balancer, pools }: Scenario): { readonly rateRps: number; readonly burst: number } {
  const { rateRps, burst } = [...balancer.rateLimits, ...pools.flatMap((pool) => pool.rateLimits)][0]?.options ?? {};
  return { rateRps: Number(rateRps), burst: Number(burst) };
}
