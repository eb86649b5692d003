import type { Site } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';
import { time } from '../words.ts';

/**
 * The first site of each answer is the nearest that is healthy and has room, by the round trip from who asks; equally near ones are equally right. With
 * none that has room the nearest healthy one, with none healthy any. Exact.
 */
export function answersNearestHealthy(): Check {
  return {
    watch: (_scenario, report) => ({
      on: {
        resolver: {
          resolve({ decision, atUs, args: [sites, distancesUs], answer }) {
            const usable = [sites.filter(hasRoom), sites.filter(({ healthy }) => healthy)].find(
              ({ length }) => length > 0,
            );
            if (usable === undefined) return;
            const far = (site: Site): number => distancesUs[sites.indexOf(site)]!;
            const nearest = usable.reduce((a, b) => (far(b) < far(a) ? b : a));
            const first = sites.find(({ id }) => id === answer.sites[0]);
            if (first !== undefined && usable.includes(first) && far(first) === far(nearest)) return;
            report(
              breachAt(
                { decision, atUs },
                {
                  title: 'the answer is not the nearest healthy site with room',
                  chose: first === undefined ? 'no site' : `${first.id}, ${time(far(first))} away${stateOf(first)}`,
                  better: `${nearest.id}, ${time(far(nearest))} away`,
                },
              ),
            );
          },
        },
      },
    }),
  };
}

/** An answer is kept for at most so long, or who cached it does not hear of a site that died. Exact. */
export function ttlAtMost(mostUs: number): Check {
  return {
    watch: (_scenario, report) => ({
      on: {
        resolver: {
          resolve({ decision, atUs, answer: { ttlUs } }) {
            if (ttlUs <= mostUs) return;
            const told = {
              title: 'an answer may be kept too long',
              chose: `a TTL of ${time(ttlUs)}`,
              better: `at most ${time(mostUs)}`,
            };
            report(breachAt({ decision, atUs }, told));
          },
        },
      },
    }),
  };
}

function hasRoom({ healthy, loadRps, capacityRps }: Site): boolean {
  return healthy && loadRps < capacityRps;
}

function stateOf({ healthy, loadRps, capacityRps }: Site): string {
  if (!healthy) return ', which is not healthy';
  return loadRps < capacityRps ? '' : ', which has no room';
}
