/**
 * @misconception One failed answer is one too many.
 * @fails Wrong answer: a backend is ejected that is not odd
 */
import type { Backend, Health, HealthPolicy } from 'ballast';

export default function oneError(): HealthPolicy {
  const outUntil = new Map<Backend, number>();
  return {
    observe(backend, signal, ctx) {
      if (signal.kind !== 'response' || (signal.outcome.kind === 'served' && signal.outcome.status < 500))
        return undefined;
      outUntil.set(backend, ctx.nowUs + 2_000_000);
      return 'unhealthy';
    },
    sweep(backends, ctx) {
      const verdicts = new Map<Backend, Health>();
      for (const [backend, untilUs] of outUntil) if (ctx.nowUs >= untilUs) verdicts.set(backend, 'healthy');
      for (const backend of verdicts.keys()) outUntil.delete(backend);
      return verdicts;
    },
  };
}
