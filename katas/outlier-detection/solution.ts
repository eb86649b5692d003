import type { Backend, Health, HealthPolicy, HealthSignal } from 'ballast';

const SECOND_US = 1_000_000;

class Record {
  answers = 0;
  failures = 0;
  ejections = 0;
  /** 0: it is in. */
  outUntilUs = 0;

  get share(): number {
    return this.failures / this.answers;
  }
}

function hasFailed(signal: HealthSignal): boolean {
  return signal.kind === 'response' && (signal.outcome.kind !== 'served' || signal.outcome.status >= 500);
}

function median(sorted: readonly number[]): number {
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

/** Each second the failures of every backend are compared with the median's: what all suffer is nobody's fault. */
export default function outlierDetection(): HealthPolicy {
  const records = new Map<Backend, Record>();

  function recordOf(backend: Backend): Record {
    const known = records.get(backend) ?? new Record();
    records.set(backend, known);
    return known;
  }

  return {
    observe(backend, signal) {
      const record = recordOf(backend);
      record.answers += 1;
      if (hasFailed(signal)) record.failures += 1;
      return undefined;
    },
    sweep(backends, { nowUs }) {
      const verdicts = new Map<Backend, Health>();
      const all = backends.map((backend) => ({ backend, record: recordOf(backend) }));
      for (const { backend, record } of all) {
        if (record.outUntilUs === 0 || nowUs < record.outUntilUs) continue;
        record.outUntilUs = 0;
        record.answers = 0;
        verdicts.set(backend, 'healthy');
      }
      const judged = all.filter(({ record }) => record.outUntilUs === 0 && record.answers >= 10);
      judged.sort((a, b) => a.record.share - b.record.share);
      const usual = median(judged.map(({ record }) => record.share));
      const odd = judged.filter(({ record }) => record.share >= Math.max(0.5, usual + 0.3));
      const out = all.filter(({ record }) => record.outUntilUs > 0).length;
      const room = Math.max(1, Math.floor(backends.length / 3)) - out;
      for (const { backend, record } of odd.slice(-room || odd.length)) {
        if (room <= 0) break;
        record.ejections += 1;
        record.outUntilUs = nowUs + 2 * SECOND_US * record.ejections;
        verdicts.set(backend, 'unhealthy');
      }
      for (const { record } of all) record.answers = record.failures = 0;
      return verdicts;
    },
  };
}
