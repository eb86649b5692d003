/** A kata as the figures of a verdict are measured with: seven worlds, 200,000 requests. */
import { leastLoaded, neverDeclines, tiesSpread } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';

export const SOURCE = `import type { Picker } from 'ballast';
export default function leastConnections(): Picker {
  return {
    pick(backends, _request, ctx) {
      let best = backends[0];
      let ties = 0;
      for (const backend of backends) {
        if (best === undefined || backend.inFlight > best.inFlight) continue;
        if (backend.inFlight < best.inFlight) ties = 0;
        ties += 1;
        if (ties === 1 || ctx.rng.int(ties) === 0) best = backend;
      }
      return best;
    },
  };
}
`;

export const checks = [neverDeclines(), leastLoaded(), tiesSpread()];
export const worlds = [3, 4, 5, 8, 10, 20, 40].map((backends) =>
  parseScenario(
    {
      name: `with-${backends}`,
      title: 'A world of a kata',
      shows: 'How long a verdict takes.',
      durationUs: 28_571_000,
      clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 1000 } }],
      pools: [
        {
          picker: { name: 'least-connections' },
          backends: Array.from({ length: backends }, (_, at) => ({
            id: `s${at + 1}`,
            workers: 8,
            service: { default: { kind: 'exponential', meanUs: backends * 1500 } },
          })),
        },
      ],
    },
    'the benchmark',
  ),
);
