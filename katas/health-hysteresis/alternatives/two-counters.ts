import type { Backend, HealthPolicy } from 'ballast';

class Streaks {
  failures = 0;
  passes = 0;

  add(ok: boolean): void {
    this.failures = ok ? 0 : this.failures + 1;
    this.passes = ok ? this.passes + 1 : 0;
  }
}

/** Counts failures and passes in a row, each set back by the other. */
export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const streaks = new Map<Backend, Streaks>();

  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      let streak = streaks.get(backend);
      if (!streak) streaks.set(backend, (streak = new Streaks()));
      streak.add(signal.ok);
      if (streak.failures >= fall) return 'unhealthy';
      if (streak.passes >= rise) return 'healthy';
      return undefined;
    },
  };
}
