/**
 * @misconception A share is a share, of two answers as of two hundred.
 * @fails Wrong answer: a backend is ejected that is not odd
 */
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

export default function outlierDetection(): HealthPolicy {
  const records = new Map<Backend, Record>();
  const recordOf = (backend: Backend) => {
    const known = records.get(backend) ?? new Record();
    records.set(backend, known);
    return known;
  };
  return {
    observe(backend, signal) {
      recordOf(backend).answers += 1;
      if (hasFailed(signal)) recordOf(backend).failures += 1;
      return undefined;
    },
    sweep(backends, { nowUs }) {
      const verdicts = new Map<Backend, Health>();
      for (const backend of backends) {
        const record = recordOf(backend);
        if (record.outUntilUs === 0 || !(nowUs >= record.outUntilUs)) continue;
        record.outUntilUs = 0;
        record.answers = record.failures = 0;
        verdicts.set(backend, 'healthy');
      }
      const judged = backends.filter((backend) => recordOf(backend).outUntilUs === 0 && recordOf(backend).answers >= 1);
      judged.sort((a, b) => recordOf(b).share - recordOf(a).share);
      const usual = judged.length === 0 ? 0 : recordOf(judged[judged.length >> 1]!).share;
      const out = backends.filter((backend) => recordOf(backend).outUntilUs > 0).length;
      let room = Math.max(1, Math.floor(backends.length / 3)) - out;
      for (const backend of judged) {
        const record = recordOf(backend);
        if (room <= 0 || !(record.share >= Math.max(0.5, usual + 0.3))) continue;
        room -= 1;
        record.ejections += 1;
        record.outUntilUs = nowUs + 2 * SECOND_US * record.ejections;
        verdicts.set(backend, 'unhealthy');
      }
      for (const backend of backends) recordOf(backend).answers = recordOf(backend).failures = 0;
      return verdicts;
    },
  };
}
