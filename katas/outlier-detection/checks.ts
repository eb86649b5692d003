import {
  breachAt,
  costPerDecisionBelow,
  ejectionGrows,
  ejectsAtMost,
  noWorseThanReference,
  returnsWithin,
} from 'ballast';
import type { Backend, Check, Health, HealthPolicy, HealthSignal, SeenCall, Told } from 'ballast';

const SWEEP_US = 1_000_000;
const BASE_US = 2_000_000;

type Swept = SeenCall<NonNullable<HealthPolicy['sweep']>>;
type Observed = SeenCall<HealthPolicy['observe']>;

export const checks: readonly Check[] = [
  ejectsAtMost(1 / 3),
  ejectsTheOdd(),
  // The references' base is a microsecond short: gRPC waits until more than the time is over.
  ejectionGrows({ baseUs: BASE_US, sweepUs: SWEEP_US }),
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
  readonly all: number;
  readonly failed: number;
}
const NONE: Answers = { all: 0, failed: 0 };

/**
 * Who is ejected is odd and the worst of those who are, and who is odd does not stay: exact, where the brief leaves no choice. The middle of an even number may be either: whoever is odd by one
 * of them may be ejected, whoever is by all of them must be. One ejection a sweep is enough; and there must be room, which whoever returns with this sweep need not make.
 */
function ejectsTheOdd(): Check {
  return {
    watch(_scenario, report) {
      const answers = new Map<Backend, Answers>();
      const out = new Set<Backend>();
      const of = (backend: Backend): Answers => answers.get(backend) ?? NONE;

      const turn = (seen: Observed | Swept, backend: Backend, to: Health | undefined): void => {
        if (to === 'healthy') out.delete(backend);
        if (to !== 'unhealthy' || out.has(backend)) return;
        out.add(backend);
        const { all, failed } = of(backend);
        const least = Math.min(...usual(answers));
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
              const told = whoStays(backends, before, out, answers);
              if (told) report(breachAt(seen, told));
              answers.clear();
            },
          },
        },
      };
    },
  };
}

/** An odd one that stays although there is room, or while a lesser one goes. Undefined: there is none. */
function whoStays(
  backends: readonly Backend[],
  before: ReadonlySet<Backend>,
  out: ReadonlySet<Backend>,
  answers: ReadonlyMap<Backend, Answers>,
): Told | undefined {
  const of = (backend: Backend): Answers => answers.get(backend) ?? NONE;
  const failures = (backend: Backend): string =>
    `${of(backend).failed} of its ${of(backend).all} answers since the last sweep failed`;
  const share = (backend: Backend): number => of(backend).failed / Math.max(1, of(backend).all);
  const odd = backends.filter((backend) => !before.has(backend) && !out.has(backend) && mustGo(backend, answers));
  const [least] = [...out].filter((backend) => !before.has(backend)).sort((a, b) => share(a) - share(b));
  if (least !== undefined) {
    const worse = odd.find((backend) => share(backend) > share(least) + ROUNDING);
    if (worse === undefined) return undefined;
    return {
      title: 'a worse one stays',
      chose: `${least.id} unhealthy: ${failures(least)}`,
      better: `${worse.id} first: ${failures(worse)}`,
      backends: { chose: least.id, better: worse.id },
    };
  }
  const room = Math.max(1, Math.floor(backends.length / 3)) - Math.max(before.size, out.size);
  const stays = odd[0];
  if (room <= 0 || stays === undefined) return undefined;
  return {
    title: 'the odd one stays',
    chose: `nobody: ${stays.id} stays, though ${failures(stays)}`,
    better: `${stays.id} unhealthy`,
    backends: { better: stays.id },
  };
}

function mustGo(backend: Backend, answers: ReadonlyMap<Backend, Answers>): boolean {
  const { all, failed } = answers.get(backend) ?? NONE;
  const most = Math.max(...usual(answers));
  return all >= VOLUME && failed / all >= HALF && failed / all >= most + MARGIN + ROUNDING;
}

/** What it may be compared with: both middles, with and without those that had few answers. */
function usual(answers: ReadonlyMap<Backend, Answers>): number[] {
  const some = [...answers.values()].filter(({ all }) => all > 0);
  const many = some.filter(({ all }) => all >= VOLUME);
  return [some, many].flatMap((list) => {
    const shares = list.map(({ all, failed }) => failed / all).sort((a, b) => a - b);
    return shares.length === 0 ? [] : [shares[(shares.length - 1) >> 1]!, shares[shares.length >> 1]!];
  });
}

function hasFailed(signal: HealthSignal): boolean {
  return signal.kind === 'response' && (signal.outcome.kind !== 'served' || signal.outcome.status >= 500);
}
