import { policiesFor, Prng } from '../../../../engine/index.ts';
import type { WorkedStep } from '../worked-types.ts';
import { agree, backendLike, requestLike, world } from './engine.ts';

interface Props {
  /** In flight at the start, by backend. */
  readonly inFlight: Readonly<Record<string, number>>;
  readonly picks: number;
  readonly seed?: number;
}

/** Power of two choices: two different backends are drawn, and the less busy one is picked. */
export function twoChoices({ inFlight, picks, seed = 1 }: Props): WorkedStep[] {
  const names = Object.keys(inFlight);
  const counts = new Map(Object.entries(inFlight));
  const draws = new Prng(seed);
  const engine = enginePicker(names, new Prng(seed));
  const answers: string[] = [];

  const steps = Array.from({ length: picks }, (): WorkedStep => {
    const first = draws.int(names.length);
    let second = draws.int(names.length - 1);
    if (second >= first) second += 1;
    const [a, b] = [names[first]!, names[second]!];
    const [ofA, ofB] = [counts.get(a)!, counts.get(b)!];
    const chosen = ofB < ofA ? b : a;
    answers.push(engine(counts));
    const bars = names.map((name) => {
      const mark = name === a || name === b ? { words: `${counts.get(name)!}, drawn` } : {};
      return { name, value: counts.get(name)!, chosen: name === chosen, ...mark };
    });
    counts.set(chosen, counts.get(chosen)! + 1);
    const why =
      ofA === ofB ? `Both have ${ofA}: the one drawn first` : `${chosen} has fewer, ${Math.min(ofA, ofB)}, and`;
    return { phase: 'pick', note: `Drawn: ${a} and ${b}. ${why} gets the request.`, bars, result: chosen };
  });
  agree('two choices', steps, answers);
  return steps;
}

function enginePicker(names: readonly string[], rng: Prng): (counts: ReadonlyMap<string, number>) => string {
  const scenario = world({
    pools: [
      {
        picker: { name: 'power-of-two-choices' },
        backends: names.map((id) => ({ id, service: { default: { kind: 'constant', valueUs: 1 } } })),
      },
    ],
  });
  const { picker } = [...policiesFor(scenario).pools.values()][0]!;
  return (counts) => {
    const backends = names.map((id) => backendLike({ id, inFlight: counts.get(id)! }));
    const ctx = { nowUs: 0, rng };
    picker.onPoolChange?.(backends, ctx);
    return picker.pick(backends, requestLike(), ctx)!.id;
  };
}
