import { EVENT_KIND, Simulation, policiesFor } from '../../../../engine/index.ts';
import { signed, type WorkedStep } from '../worked-types.ts';
import { agree, listed, world } from './engine.ts';

interface Props {
  readonly weights: Readonly<Record<string, number>>;
  readonly picks: number;
}

/** Smooth weighted round robin (nginx): everyone gains its weight, the highest is picked and pays the total. */
export function smoothWeighted({ weights, picks }: Props): WorkedStep[] {
  const names = Object.keys(weights);
  const total = names.reduce((sum, name) => sum + weights[name]!, 0);
  const now = new Map(names.map((name) => [name, 0]));
  const steps: WorkedStep[] = [];
  for (let turn = 0; turn < picks; turn++) {
    for (const name of names) now.set(name, now.get(name)! + weights[name]!);
    const highest = Math.max(...now.values());
    const tied = names.filter((name) => now.get(name) === highest);
    const picked = tied[0]!;
    const after = highest - total;
    const lead =
      tied.length === 1
        ? `${picked} has the most, ${highest}.`
        : `${listed(tied)} tie at ${highest}. The first in the list wins.`;
    const bars = names.map((name) => {
      const value = now.get(name)!;
      return { name, value, chosen: name === picked, ...(name === picked && { after }) };
    });
    steps.push({
      phase: 'pay',
      bars,
      result: picked,
      note: `${lead} It pays the total of all weights, ${total}, which leaves ${signed(after)}.`,
    });
    now.set(picked, after);
  }
  const engine = enginePicks(weights, picks);
  agree('smooth weighted round robin', steps, engine);
  return steps;
}

/** The order in which the engine's picker sends requests that come one after the other. */
function enginePicks(weights: Readonly<Record<string, number>>, picks: number): string[] {
  const names = Object.keys(weights);
  const scenario = world({
    durationUs: picks * 1_000_000 + 500_000,
    clients: [{ id: 'client', arrivals: { kind: 'constant', rateRps: 1 } }],
    pools: [
      {
        picker: { name: 'smooth-weighted-round-robin' },
        backends: names.map((id) => ({
          id,
          weight: weights[id],
          service: { default: { kind: 'constant', valueUs: 1 } },
        })),
      },
    ],
  });
  const simulation = new Simulation(scenario, policiesFor(scenario));
  simulation.runToEnd();
  const { trace } = simulation;
  const order: string[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind[row] === EVENT_KIND.picked) order.push(names[trace.backend[row]!]!);
  }
  return order.slice(0, picks);
}
