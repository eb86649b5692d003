import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';
import { list, time } from '../words.ts';

/** Who is master, by the answers of each node's elector. A node that stopped answers no more, and is master no longer once another has taken over. */

/** Two nodes are never master at once for longer than an advertisement needs to reach the other. Exact. */
export function oneMaster(graceUs: number): Check {
  return {
    watch(scenario, report) {
      /** Until when each answered for itself. */
      const masters = new Map<string, number>();
      let since: { decision: number; atUs: number } | undefined;
      /** Who they were when they were most: by the time it is told, some may have died. */
      let together: readonly string[] = [];
      const judge = (nowUs: number): void => {
        if (since === undefined || nowUs - since.atUs <= graceUs) return;
        report(
          breachAt(since, {
            title: 'there are two masters',
            chose: `${list(together)} were master together for ${time(nowUs - since.atUs)}`,
            better: 'the one with the lower priority, or address, resigns when it hears the other',
          }),
        );
        since = undefined;
      };
      return {
        on: {
          elector: {
            next({ decision, atUs, node, answer: { role, timerUs } }) {
              // A master is asked again when its timer ends: who misses that has died, and holds nothing any more.
              for (const [other, untilUs] of masters) if (untilUs < atUs) masters.delete(other);
              if (role === 'master') masters.set(node, atUs + timerUs);
              else masters.delete(node);
              if (masters.size < 2) {
                judge(atUs);
                since = undefined;
                together = [];
              } else {
                since ??= { decision, atUs };
                if (masters.size > together.length) together = [...masters.keys()];
              }
            },
          },
        },
        end: () => judge(scenario.durationUs),
      };
    },
  };
}

/** After the start, and after a master falls silent, somebody is master within so long (RFC 9568: three intervals and the skew). Exact. */
export function takeoverWithin(mostUs: number): Check {
  return {
    watch(scenario, report) {
      /** When an elector last answered as master: a master that lives is asked each interval. */
      let lastUs = 0;
      let moment = { decision: 0, atUs: 0 };
      const judge = (nowUs: number): void => {
        if (nowUs - lastUs <= mostUs) return;
        report(
          breachAt(moment, {
            title: 'nobody takes over',
            chose: `no master for ${time(nowUs - lastUs)}`,
            better: `a new one within ${time(mostUs)}`,
          }),
        );
      };
      return {
        on: {
          elector: {
            next({ decision, atUs, answer: { role } }) {
              if (role !== 'master') return;
              judge(atUs);
              lastUs = atUs;
              moment = { decision, atUs };
            },
          },
        },
        end: () => judge(scenario.durationUs),
      };
    },
  };
}

/** The address changes hands at most so often. Exact. */
export function changesHandsAtMost(most: number): Check {
  return {
    watch(_scenario, report) {
      let holder: string | undefined;
      let changes = 0;
      return {
        on: {
          elector: {
            next({ decision, atUs, node, answer: { role } }) {
              if (role !== 'master' || node === holder) return;
              if (holder !== undefined) changes += 1;
              const before = holder;
              holder = node;
              if (changes <= most) return;
              report(
                breachAt(
                  { decision, atUs },
                  {
                    title: 'the address flaps',
                    chose: `${node} is master, the change number ${changes}`,
                    better: `${before!} stays: ${most} changes are what this world needs`,
                  },
                ),
              );
            },
          },
        },
      };
    },
  };
}
