import { describe, expect, it } from 'vitest';
import { EVENT_KIND } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, simulate, world } from './build.ts';

type Mode = NonNullable<ScenarioInput['balancer']>['mode'];

/** The client is 20 ms from the balancer, the balancer 5 ms from the backend, which needs 10 ms. One connection, a request each 100 ms. */
function run(mode: Mode, input: Partial<ScenarioInput> = {}) {
  const simulation = simulate(
    world({
      balancer: { layer: 4, mode },
      network: { clientToBalancer: constant(ms(20)), balancerToBackend: constant(ms(5)) },
      clients: [
        {
          id: 'c1',
          arrivals: { kind: 'constant', rateRps: 10 },
          connections: 1,
          requests: [{ requestBytes: 500, responseBytes: 20_000 }],
        },
      ],
      pools: [{ picker: { name: 'round-robin' }, backends: alike(2, { service: { default: constant(ms(10)) } }) }],
      ...input,
    }),
  );
  simulation.runUntil(ms(399));
  return simulation;
}
const latencies = (mode: Mode) => rowsOf(run(mode), EVENT_KIND.served).map(([, , , , latencyUs]) => latencyUs);

describe('a mode of layer 4', () => {
  it('nat passes packets both ways: all bytes, and nothing more to wait for', () => {
    expect(latencies('nat')).toEqual([ms(60), ms(60), ms(60)]);
    expect(run('nat').bytes).toEqual({ in: 1_500, out: 60_000 });
    expect(run('nat').digest()).toBe(run(undefined).digest());
  });

  it('proxy passes the same bytes, and a connection waits a round trip for its other half', () => {
    expect(latencies('proxy')).toEqual([ms(70), ms(60), ms(60)]);
    expect(run('proxy').bytes).toEqual({ in: 1_500, out: 60_000 });
  });

  it('direct server return passes the requests alone, and spares the answers a leg', () => {
    expect(latencies('dsr')).toEqual([ms(55), ms(55), ms(55)]);
    expect(run('dsr').bytes).toEqual({ in: 1_500, out: 0 });
  });

  it('direct server return counts a request in flight until the client is heard of again', () => {
    const simulation = run('dsr');
    const inFlight = () => simulation.backends()[0]!.inFlight;
    // The fourth leaves at 400 ms, is picked at 420 ms, answered to the client at 455 ms, and the client is heard of at 475 ms.
    simulation.runUntil(ms(474));
    expect(inFlight()).toBe(1);
    simulation.runUntil(ms(475));
    expect(inFlight()).toBe(0);
  });

  it.each(['retry', 'hedge', 'outlier'] as const)(
    'direct server return refuses a pool with %s, which would need the answers',
    (name) => {
      const pool = {
        picker: { name: 'round-robin' },
        backends: alike(1, { service: { default: constant(ms(10)) } }),
        [name]: name === 'outlier' ? { name: 'max-fails' } : name === 'hedge' ? { delayUs: 1 } : {},
      };
      expect(() => run('dsr', { pools: [pool] })).toThrow(`${name} with direct server return`);
    },
  );
});
