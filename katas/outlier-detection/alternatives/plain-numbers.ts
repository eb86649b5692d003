import type { HealthPolicy } from 'ballast';

/** The same rules with plain objects by id, and a sort instead of a filter. */
export default function plainNumbers(): HealthPolicy {
  const seen: { [id: string]: { ok: number; bad: number; times: number; until: number } } = {};
  const of = (id: string) => (seen[id] ??= { ok: 0, bad: 0, times: 0, until: 0 });

  return {
    sweepEveryUs: 1_000_000,
    observe({ id }, signal) {
      if (signal.kind !== 'response') return undefined;
      const { kind, status } = signal.outcome;
      if (kind === 'served' && status < 500) of(id).ok += 1;
      else of(id).bad += 1;
      return undefined;
    },
    sweep(backends, ctx) {
      const answer = new Map();
      const share = (id: string) => of(id).bad / (of(id).ok + of(id).bad);
      for (const backend of backends) {
        const one = of(backend.id);
        if (one.until !== 0 && ctx.nowUs >= one.until) {
          answer.set(backend, 'healthy');
          one.until = 0;
          one.ok = one.bad = 0;
        }
      }
      const fit = backends.filter(({ id }) => of(id).until === 0 && of(id).ok + of(id).bad >= 10);
      const byShare = [...fit].sort((a, b) => share(b.id) - share(a.id));
      const middle = byShare.length === 0 ? 0 : share(byShare[Math.floor(byShare.length / 2)]!.id);
      let room = Math.max(1, Math.floor(backends.length / 3)) - backends.filter(({ id }) => of(id).until !== 0).length;
      for (const backend of byShare) {
        if (room <= 0 || share(backend.id) < 0.5 || share(backend.id) < middle + 0.3) break;
        const one = of(backend.id);
        one.times += 1;
        one.until = ctx.nowUs + 2e6 * one.times;
        answer.set(backend, 'unhealthy');
        room -= 1;
      }
      for (const { id } of backends) of(id).ok = of(id).bad = 0;
      return answer;
    },
  };
}
