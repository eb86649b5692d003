import { policiesFor } from '../../../../engine/index.ts';
import type { WorkedStep } from '../worked-types.ts';
import { agree, backendLike, context, world } from './engine.ts';

interface Props {
  readonly fall: number;
  readonly rise: number;
  /** In order: "ok fail fail ok". */
  readonly probes: string;
}

/** Consecutive thresholds: `fall` failed probes in a row take a backend out, `rise` passed ones bring it back. */
export function thresholds({ fall, rise, probes: written }: Props): WorkedStep[] {
  const probes = written.split(/\s+/).map((probe) => probe === 'ok');
  let [healthy, fails, passes] = [true, 0, 0];
  const steps = probes.map((ok): WorkedStep => {
    fails = ok ? 0 : fails + 1;
    passes = ok ? passes + 1 : 0;
    const turns = healthy ? fails >= fall : passes >= rise;
    if (turns) healthy = !healthy;
    const bars = [
      { name: 'failed', value: fails, limit: fall, chosen: !ok },
      { name: 'passed', value: passes, limit: rise, chosen: ok },
    ];
    return {
      phase: turns ? (healthy ? 'up' : 'down') : ok ? 'pass' : 'fail',
      bars,
      result: healthy ? 'in' : 'out',
      note: thresholdNote(ok, turns, healthy, ok ? passes : fails, ok ? rise : fall),
    };
  });
  agree('thresholds', steps, engineHealth(fall, rise, probes));
  return steps;
}

function thresholdNote(ok: boolean, turns: boolean, healthy: boolean, row: number, limit: number): string {
  const probe = `${ok ? 'Passed' : 'Failed'}: ${row} in a row.`;
  if (turns) return `${probe} That is ${limit}, so the backend goes ${healthy ? 'back in' : 'out'}.`;
  if (ok && healthy) return `${probe} It is in already; one success sets the count of failures back to 0.`;
  if (!ok && !healthy) return `${probe} It is out already; one failure sets the count of successes back to 0.`;
  return `${probe} ${limit} would take it ${ok ? 'back in' : 'out'}, so nothing changes yet.`;
}

function engineHealth(fall: number, rise: number, probes: readonly boolean[]): string[] {
  const scenario = world({
    pools: [
      {
        picker: { name: 'round-robin' },
        health: { policy: { name: 'thresholds', options: { fall, rise } } },
        backends: [{ id: 's1', service: { default: { kind: 'constant', valueUs: 1 } } }],
      },
    ],
  });
  const policy = [...policiesFor(scenario).pools.values()][0]!.health!;
  const backend = backendLike({ id: 's1' });
  let now: string = 'healthy';
  return probes.map((ok, index) => {
    const result = ok ? ({ reason: 'ok', status: 200 } as const) : ({ reason: 'timeout', status: 0 } as const);
    now = policy.observe(backend, { kind: 'probe', check: 'http', ok, ...result, latencyUs: 1 }, context(index)) ?? now;
    return now === 'healthy' ? 'in' : 'out';
  });
}
