import type { Request } from '../../core/policy.ts';
import type { Scenario } from '../../world/scenario.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

export interface Rate {
  /** Absent: those of the scenario's own limit. */
  readonly rateRps?: number;
  readonly burst?: number;
  /** Requests with the same key share a limit. Absent: all do. */
  readonly key?: (request: Request) => string;
}

const ONE = 1_000_000;

/**
 * In any window of t seconds at most burst + rate x t requests are admitted, and none is refused that would have fitted. For every window at once, that is
 * what a bucket says that holds `burst` and refills at `rate`: below one token nobody may be admitted, with one or more nobody may be refused.
 *
 * Tolerance: a time is whole microseconds, so tokens may be off by what one of them refills, rate millionths of one; the same again for the rounding
 * of a solution that counts in doubles.
 */
export function admittedWithin({ key = () => '', ...own }: Rate = {}): Check {
  return {
    watch(scenario, report) {
      const { rateRps, burst } = { ...limitOf(scenario), ...own };
      const tolerance = 2 * Math.max(1, rateRps);
      const buckets = new Map<string, { tokens: number; atUs: number }>();
      return {
        on: {
          admission: {
            admit({ decision, atUs, pool, args: [request], answer }) {
              const name = `${pool} ${key(request)}`;
              const bucket = buckets.get(name) ?? { tokens: burst * ONE, atUs };
              buckets.set(name, bucket);
              bucket.tokens = Math.min(burst * ONE, bucket.tokens + (atUs - bucket.atUs) * rateRps);
              bucket.atUs = atUs;
              const admitted = typeof answer !== 'number';
              const tokens = (bucket.tokens / ONE).toFixed(3);
              if (admitted && bucket.tokens < ONE - tolerance) {
                report(
                  breachAt(
                    { decision, atUs },
                    {
                      title: 'more is admitted than rate and burst allow',
                      request: request.id,
                      chose: 'admitted',
                      better: `refused: of ${burst} with ${rateRps} a second, ${tokens} of a request is left at this moment`,
                    },
                  ),
                );
              } else if (!admitted && bucket.tokens >= ONE + tolerance) {
                report(
                  breachAt(
                    { decision, atUs },
                    {
                      title: 'a request is refused that rate and burst allow',
                      request: request.id,
                      chose: `refused, to come again after ${answer} µs`,
                      better: `admitted: ${tokens} requests are left at this moment`,
                    },
                  ),
                );
              }
              if (admitted) bucket.tokens = Math.max(0, bucket.tokens - ONE);
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
