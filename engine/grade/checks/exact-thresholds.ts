import type { Backend, Health, HealthSignal } from '../../core/policy.ts';
import type { Scenario } from '../../world/scenario.ts';
import type { Breach, Check, Report, Runs, SeenHealth } from '../check.ts';
import { costToClients } from '../cost.ts';
import { count, ordinal, time } from '../words.ts';

/**
 * Health changes exactly at the thresholds of the scenario: out at the `fall`th failure in a row, back at the `rise`th pass in a row, and at
 * no other moment. Saying again what holds already changes nothing and is allowed.
 */
export function exactThresholds(): Check {
  return {
    watch(scenario, report) {
      const histories = new Map<Backend, History>();
      return {
        health(seen) {
          const history = histories.get(seen.backend) ?? new History(thresholdsOf(scenario, seen.pool));
          histories.set(seen.backend, history);
          compare(history, seen, report);
        },
      };
    },
  };
}

/** A backend that passes and fails in turn stays what it is, where the thresholds ask for two or more in a row. */
export function noFlapping(): Check {
  return {
    watch(scenario, report) {
      const histories = new Map<Backend, History>();
      return {
        health(seen) {
          const history = histories.get(seen.backend) ?? new History(thresholdsOf(scenario, seen.pool));
          histories.set(seen.backend, history);
          const before = history.yours;
          history.observe(seen);
          if (history.yours === before || history.swings < FLAPPING || history.needed(before) === 1) return;
          report(flapping(seen, history, before));
        },
      };
    },
  };
}

/** Pass, failure, pass, failure: as many results in turn are no accident. */
const FLAPPING = 4;

function flapping(seen: SeenHealth, history: History, before: Health): Breach {
  const { id } = seen.backend;
  return {
    title: 'Wrong answer: it flaps on alternating probes',
    decision: seen.decision,
    atUs: seen.atUs,
    request: 0,
    chose: `${id} ${history.yours} after a single ${resultOf(seen.signal)}, the last of ${history.swings} results in turn`,
    better: `still ${before}: it takes ${history.needed(before)} in a row`,
    backends: { chose: id },
    cost: (runs) => costOf(history, id, runs),
  };
}

interface Thresholds {
  readonly fall: number;
  readonly rise: number;
}

/** One backend: what is right, what was answered, and what its last results looked like. */
class History {
  right: Health = 'healthy';
  yours: Health = 'healthy';
  /** Equal results in a row. */
  streak = 0;
  /** Results in a row each unlike the one before. */
  swings = 0;
  changes = 0;
  /** For how long it was held for what it was not, up to the last result. */
  wrongUs = 0;
  private lastOk: boolean | undefined;
  private lastUs = 0;
  private readonly thresholds: Thresholds;

  constructor(thresholds: Thresholds) {
    this.thresholds = thresholds;
  }

  observe({ signal, answered, atUs }: SeenHealth): void {
    if (this.yours !== this.right) this.wrongUs += atUs - this.lastUs;
    this.lastUs = atUs;
    const ok = signal.kind === 'probe' && signal.ok;
    this.swings = ok === this.lastOk ? 1 : this.swings + 1;
    this.streak = ok === this.lastOk ? this.streak + 1 : 1;
    this.lastOk = ok;
    const against = ok === (this.right === 'unhealthy');
    if (against && this.streak >= this.needed(this.right)) this.right = ok ? 'healthy' : 'unhealthy';
    if (answered === undefined || answered === this.yours) return;
    this.yours = answered;
    this.changes += 1;
  }

  /** How many results in a row end this state. */
  needed(state: Health): number {
    return state === 'healthy' ? this.thresholds.fall : this.thresholds.rise;
  }
}

function compare(history: History, seen: SeenHealth, report: Report): void {
  const wasRight = history.yours === history.right;
  const before = history.yours;
  history.observe(seen);
  if (history.yours === history.right || !wasRight) return;
  report(mistake(history, seen, before));
}

function mistake(history: History, seen: SeenHealth, before: Health): Breach {
  const { id } = seen.backend;
  const early = history.yours !== before;
  const falling = early ? history.yours === 'unhealthy' : history.yours === 'healthy';
  const needed = history.needed(falling ? 'healthy' : 'unhealthy');
  const result = resultOf(seen.signal);
  const plural = result === 'pass' ? 'passes' : 'failures';
  const inARow = history.streak === 1 ? `a single ${result}` : `${history.streak} ${plural} in a row`;
  return {
    title: `Wrong answer: a backend is ${falling ? 'taken out' : 'brought back'} too ${early ? 'early' : 'late'}`,
    decision: seen.decision,
    atUs: seen.atUs,
    request: 0,
    chose: early ? `${id} ${history.yours} after ${inARow}` : `${id} still ${history.yours} after ${inARow}`,
    better: early
      ? `still ${before}: ${falling ? 'fall' : 'rise'} is ${needed}, so the ${ordinal(needed)} ${result} in a row decides`
      : `${history.right}: ${falling ? 'fall' : 'rise'} is ${needed}, and this was the ${ordinal(history.streak)} ${result} in a row`,
    backends: { chose: id },
    cost: (runs) => costOf(history, id, runs),
  };
}

function costOf({ wrongUs, changes }: History, id: string, runs: Runs): string {
  const held = `${id} changed ${count(changes, 'time')} and was held for the wrong thing for ${time(wrongUs)} in all.`;
  return `${held} ${costToClients(runs)}`.trim();
}

function resultOf(signal: HealthSignal): string {
  return signal.kind === 'probe' && signal.ok ? 'pass' : 'failure';
}

/** What the scenario hands to its own health policy, and to the learner's. */
function thresholdsOf(scenario: Scenario, pool: string): Thresholds {
  const options = scenario.pools.find(({ id }) => id === pool)?.health?.policy.options;
  return { fall: Number(options?.['fall'] ?? 3), rise: Number(options?.['rise'] ?? 2) };
}
