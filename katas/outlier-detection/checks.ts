import {
  breachAt,
  costPerDecisionBelow,
  ejectionGrows,
  ejectsAtMost,
  noWorseThanReference,
  returnsWithin,
} from 'ballast';
import type { Backend, Check, Health, HealthPolicy, HealthSignal, SeenCall } from 'ballast';

const SWEEP_US = 1_000_000;
const BASE_US = 2_000_000;

type Swept = SeenCall<NonNullable<HealthPolicy['sweep']>>;
type Observed = SeenCall<HealthPolicy['observe']>;

export const checks: readonly Check[] = [
  ejectsAtMost(1 / 3),
  ejectsTheOdd(),
  ejectionGrows({ baseUs: BASE_US, slackUs: SWEEP_US }),
  // No scenario keeps a backend broken for so long that it is ejected five times.
  returnsWithin(5 * BASE_US),
  // The reference sweeps as often: what differs is a sweep earlier or later for each ejection, of a sixth of the traffic.
  noWorseThanReference({ metric: 'failed', factor: 1.25, slack: 60 }),
  // A few steps an answer, and a sweep now and then that looks at all.
  costPerDecisionBelow({ steps: 40 }),
];

const VOLUME = 10;
const HALF = 0.5;
const MARGIN = 0.3;
/** Shares are quotients of small numbers: what differs at all differs by far more. */
const ROUNDING = 1e-9;

/** What a backend answered since the last sweep. */
interface Answers {
  all: number;
  failed: number;
}

/**
 * Who is ejected is odd, and who is odd does not stay: exact, where the brief leaves no choice. The middle of an even number may be either, and some compare with the mean of the others: whoever
 * is odd by one of them may be ejected, whoever is by all of them must be. One ejection a sweep is enough; and there must be room.
 */
function ejectsTheOdd(): Check {
  return {
    watch(_scenario, report) {
      const answers = new Map<Backend, Answers>();
      const out = new Set<Backend>();
      const of = (backend: Backend): Answers => answers.get(backend) ?? { all: 0, failed: 0 };

      const turn = (seen: Observed | Swept, backend: Backend, to: Health | undefined): void => {
        if (to === 'healthy') out.delete(backend);
        if (to !== 'unhealthy' || out.has(backend)) return;
        out.add(backend);
        const { all, failed } = of(backend);
        const least = Math.min(...usual(backend, answers));
        if (all >= VOLUME && failed / all >= HALF && failed / all >= least + MARGIN - ROUNDING) return;
        report(
          breachAt(seen, {
            title: 'a backend is ejected that is not odd',
            chose: `${backend.id} unhealthy: ${failed} of its ${all} answers since the last sweep failed`,
            better: `to keep it: that takes ${VOLUME} answers, half of them failed, and 30 points more than the median`,
            backends: { chose: backend.id },
          }),
        );
      };

      return {
        on: {
          outlier: {
            observe(seen) {
              const [backend, signal] = seen.args;
              const { all, failed } = of(backend);
              answers.set(backend, { all: all + 1, failed: failed + (hasFailed(signal) ? 1 : 0) });
              turn(seen, backend, seen.answer);
            },
            sweep(seen: Swept) {
              const [backends] = seen.args;
              const before = new Set(out);
              for (const [backend, to] of seen.answer ?? []) turn(seen, backend, to);
              const room = Math.max(1, Math.floor(backends.length / 3)) - out.size;
              const stays = backends.find((backend) => !before.has(backend) && mustGo(backend, answers));
              if (room > 0 && stays && ![...out].some((one) => !before.has(one))) {
                const { all, failed } = of(stays);
                report(
                  breachAt(seen, {
                    title: 'the odd one stays',
                    chose: `nobody: ${stays.id} stays, with ${failed} of its ${all} answers since the last sweep failed`,
                    better: `${stays.id} unhealthy`,
                    backends: { better: stays.id },
                  }),
                );
              }
              answers.clear();
            },
          },
        },
      };
    },
  };
}

function mustGo(backend: Backend, answers: ReadonlyMap<Backend, Answers>): boolean {
  const { all, failed } = answers.get(backend) ?? { all: 0, failed: 0 };
  const most = Math.max(...usual(backend, answers));
  return all >= VOLUME && failed / all >= HALF && failed / all >= most + MARGIN + ROUNDING;
}

/** What it may be compared with: both middles, with and without those that had few answers, and the mean of the others. */
function usual(backend: Backend, answers: ReadonlyMap<Backend, Answers>): number[] {
  const some = [...answers].filter(([, { all }]) => all > 0);
  const many = some.filter(([, { all }]) => all >= VOLUME);
  const middles = [some, many].flatMap((list) => {
    const shares = list.map(([, { all, failed }]) => failed / all).sort((a, b) => a - b);
    return shares.length === 0 ? [] : [shares[(shares.length - 1) >> 1]!, shares[shares.length >> 1]!];
  });
  const means = [some, many].map((list) => {
    const others = list.filter(([one]) => one !== backend).map(([, one]) => one);
    const all = others.reduce((sum, one) => sum + one.all, 0);
    return all === 0 ? 0 : others.reduce((sum, one) => sum + one.failed, 0) / all;
  });
  return [...middles, ...means];
}

function hasFailed(signal: HealthSignal): boolean {
  return signal.kind === 'response' && (signal.outcome.kind !== 'served' || signal.outcome.status >= 500);
}
