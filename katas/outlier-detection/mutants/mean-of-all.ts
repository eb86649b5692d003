/**
 * @misconception The average tells what is usual.
 * @fails Wrong answer: a backend is ejected that is not odd
 */
import type { Backend, Health, HealthPolicy, HealthSignal } from 'ballast';

const SECOND_US = 1_000_000;

/** What a backend answered since the last sweep. */
class Answers {
  all = 0;
  failed = 0;

  get share(): number {
    return this.failed / this.all;
  }
}

function hasFailed(signal: HealthSignal): boolean {
  return signal.kind === 'response' && (signal.outcome.kind !== 'served' || signal.outcome.status >= 500);
}

export default function outlierDetection(): HealthPolicy {
  let answers = new Map<Backend, Answers>();
  const ejections = new Map<Backend, number>();
  const outUntilUs = new Map<Backend, number>();

  function of(backend: Backend): Answers {
    const known = answers.get(backend) ?? new Answers();
    answers.set(backend, known);
    return known;
  }

  return {
    observe(backend, signal) {
      of(backend).all += 1;
      if (hasFailed(signal)) of(backend).failed += 1;
      return undefined;
    },
    sweep(backends, { nowUs }) {
      const verdicts = new Map<Backend, Health>();
      for (const backend of backends) {
        if (nowUs < (outUntilUs.get(backend) ?? Infinity)) continue;
        outUntilUs.delete(backend);
        verdicts.set(backend, 'healthy');
      }
      const judged = backends.filter((backend) => !outUntilUs.has(backend) && of(backend).all >= 10);
      const usual = judged.reduce((sum, backend) => sum + of(backend).share, 0) / judged.length;
      judged.sort((a, b) => of(b).share - of(a).share);
      const most = Math.max(1, Math.floor(backends.length / 3));
      for (const backend of judged) {
        const out = backends.filter((one) => outUntilUs.has(one)).length;
        if (out >= most || of(backend).share < Math.max(0.5, usual + 0.3)) break;
        const nth = (ejections.get(backend) ?? 0) + 1;
        ejections.set(backend, nth);
        outUntilUs.set(backend, nowUs + nth * 2 * SECOND_US);
        verdicts.set(backend, 'unhealthy');
      }
      answers = new Map();
      return verdicts;
    },
  };
}
