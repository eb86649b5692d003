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

/** Ejects at most one a sweep, the worst, and compares it with the upper of two middles. Slower when several are bad, and never hasty. */
export default function oneAtATime(): HealthPolicy {
  const records = new Map<Backend, Record>();

  return {
    onPoolChange(backends) {
      for (const backend of backends) if (!records.has(backend)) records.set(backend, new Record());
    },
    observe(backend, signal) {
      const record = records.get(backend)!;
      record.answers++;
      if (hasFailed(signal)) record.failures++;
      return undefined;
    },
    sweep(backends, { nowUs }) {
      const verdicts = new Map<Backend, Health>();
      let out = 0;
      let worst: Backend | undefined;
      const shares: number[] = [];
      for (const backend of backends) {
        const record = records.get(backend)!;
        if (record.outUntilUs > nowUs) out += 1;
        else if (record.outUntilUs > 0) {
          record.outUntilUs = 0;
          verdicts.set(backend, 'healthy');
        } else if (record.answers >= 10) {
          shares.push(record.share);
          if (worst === undefined || record.share > records.get(worst)!.share) worst = backend;
        }
      }
      if (worst !== undefined && out < Math.max(1, Math.floor(backends.length / 3))) {
        const record = records.get(worst)!;
        const median = shares.sort((a, b) => a - b)[shares.length >> 1]!;
        if (record.share >= 0.5 && record.share >= median + 0.3) {
          record.ejections += 1;
          record.outUntilUs = nowUs + record.ejections * 2 * SECOND_US;
          verdicts.set(worst, 'unhealthy');
        }
      }
      for (const record of records.values()) {
        record.answers = 0;
        record.failures = 0;
      }
      return verdicts;
    },
  };
}
