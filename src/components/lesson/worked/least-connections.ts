import { policiesFor } from '../../../../engine/index.ts';
import type { WorkedStep } from '../worked-types.ts';
import { agree, backendLike, context, listed, requestLike, world } from './engine.ts';

interface Props {
  /** In flight at the start, by backend. */
  readonly inFlight: Readonly<Record<string, number>>;
  /** Absent: all 1. */
  readonly weights?: Readonly<Record<string, number>>;
  /** What happens in turn: `pick`, or `end s2`: a request there is over. */
  readonly events: string;
}

/** Least connections: the fewest in flight for its weight is picked. The engine's picker draws ties, so the example follows its answer among them. */
export function leastConnections({ inFlight, weights = {}, events }: Props): WorkedStep[] {
  const names = Object.keys(inFlight);
  const counts = new Map(Object.entries(inFlight));
  const weightOf = (name: string) => weights[name] ?? 1;
  const load = (name: string) => counts.get(name)! / weightOf(name);
  const picker = enginePicker(names.some((name) => weightOf(name) !== 1));
  const answers: string[] = [];

  const steps = events.split(/,\s*/).map((event): WorkedStep => {
    const [what, who] = event.trim().split(/\s+/);
    if (what === 'end') {
      counts.set(who!, counts.get(who!)! - 1);
      answers.push(`−${who!}`);
      return {
        phase: 'end',
        note: `A request on ${who!} ends: ${inFlightWords(counts.get(who!)!)} there now.`,
        bars: bars(who!),
        result: `−${who!}`,
      };
    }
    const least = Math.min(...names.map(load));
    const tied = names.filter((name) => load(name) === least);
    const chosen = picker(names.map((id) => ({ id, weight: weightOf(id), inFlight: counts.get(id)! })));
    answers.push(tied.includes(chosen) ? chosen : `${chosen}, not one of ${tied.join(' ')}`);
    const shown = bars(chosen);
    counts.set(chosen, counts.get(chosen)! + 1);
    return { phase: 'pick', note: noteOf(tied, chosen, least), bars: shown, result: chosen };
  });
  agree('least connections', steps, answers);
  return steps;

  function bars(chosen: string) {
    return names.map((name) => {
      const weight = weightOf(name);
      const value = load(name);
      const sum = weight === 1 ? undefined : `${counts.get(name)!} / ${weight} = ${short(value)}`;
      return { name, value, chosen: name === chosen, ...(sum !== undefined && { words: sum }) };
    });
  }
}

function noteOf(tied: readonly string[], chosen: string, least: number): string {
  if (tied.length === 1) return `${chosen} has the least, ${short(least)}. It gets the request.`;
  return `${listed(tied)} tie at ${short(least)}. A tie is drawn, so that nobody is favoured: ${chosen} gets the request.`;
}

function inFlightWords(count: number): string {
  return count === 0 ? 'none in flight' : `${count} in flight`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

type Counted = { readonly id: string; readonly weight: number; readonly inFlight: number };

function enginePicker(weighted: boolean): (backends: readonly Counted[]) => string {
  const name = weighted ? 'weighted-least-connections' : 'least-connections';
  let turn = 0;
  return (counted) => {
    // A picker of its own for each pick: the counts are the example's, not those the picker has heard of.
    const scenario = world({
      pools: [
        {
          picker: { name },
          backends: counted.map(({ id, weight }) => ({
            id,
            weight,
            service: { default: { kind: 'constant', valueUs: 1 } },
          })),
        },
      ],
    });
    const { picker } = [...policiesFor(scenario).pools.values()][0]!;
    const backends = counted.map((backend) => backendLike(backend));
    const ctx = context(turn++);
    picker.onMembersChange?.(backends, ctx);
    picker.onPoolChange?.(backends, ctx);
    return picker.pick(backends, requestLike({ id: turn }), ctx)!.id;
  };
}
