import { bytesOf, crc32, KETAMA_POINTS, ketamaPoints, policiesFor } from '../../../../engine/index.ts';
import type { Backend } from '../../../../engine/index.ts';
import type { WorkedStep } from '../worked-types.ts';
import { agree, backendLike, context, requestLike, world } from './engine.ts';

interface Props {
  readonly backends: readonly string[];
  /** Keys in turn, and `- b` or `+ d`: a backend leaves or joins. */
  readonly events: readonly string[];
}

const RING = 2 ** 32;

/** A hash ring (ketama): a key goes to the first point at or after its hash. Bars show how far each backend's next point is, in thousandths of the ring. */
export function ring({ backends, events }: Props): WorkedStep[] {
  const points = new Map<string, Uint32Array>();
  const engine = enginePicker();
  const answers: string[] = [];
  backends.forEach(join);

  const steps = events.map((event): WorkedStep => {
    const change = /^([+-]) (\S+)$/.exec(event);
    if (change !== null) {
      const [, sign, name] = change as unknown as [string, string, string];
      if (sign === '+') join(name);
      else points.delete(name);
      answers.push(event.replace('-', '−').replace(' ', ''));
      const what = sign === '+' ? `puts ${KETAMA_POINTS} points on the ring` : 'takes its points off the ring';
      return {
        phase: 'change',
        note: `${name} ${what}. Nobody else's points move.`,
        bars: [],
        result: answers.at(-1)!,
      };
    }
    const hash = crc32(bytesOf(event));
    const distances = [...points].map(([name, own]) => ({ name, value: distance(own, hash) }));
    const least = Math.min(...distances.map(({ value }) => value));
    const next = distances.find(({ value }) => value === least)!.name;
    answers.push(engine([...points.keys()], event));
    return {
      phase: 'find',
      note: `${event} hashes to ${thousandths(hash)} thousandths of the way round. The next point belongs to ${next}.`,
      bars: distances.map(({ name, value }) => ({
        name,
        value: Number(thousandths(value)),
        chosen: name === next,
      })),
      result: next,
    };
  });
  agree('a hash ring', steps, answers);
  return steps;

  function join(name: string): void {
    const own = new Uint32Array(KETAMA_POINTS);
    ketamaPoints(addressOf(name), own);
    points.set(name, own);
  }
}

/** From the hash to the nearest of these points at or after it, round the ring. */
function distance(points: Uint32Array, hash: number): number {
  return Math.min(...points.map((point) => (point - hash + RING) % RING));
}

function thousandths(value: number): string {
  return ((value / RING) * 1000).toFixed(1);
}

function addressOf(name: string): string {
  return `${name}.example.test:80`;
}

function enginePicker(): (names: readonly string[], key: string) => string {
  const scenario = world({
    pools: [
      {
        picker: { name: 'ketama', options: { key: 'path' } },
        backends: [{ id: 'any', service: { default: { kind: 'constant', valueUs: 1 } } }],
      },
    ],
  });
  const { picker } = [...policiesFor(scenario).pools.values()][0]!;
  const known = new Map<string, Backend>();
  return (names, key) => {
    for (const name of names) {
      if (!known.has(name))
        known.set(name, backendLike({ id: name, address: addressOf(name), number: known.size + 1 }));
    }
    const members = names.map((name) => known.get(name)!);
    picker.onMembersChange?.(members, context(0));
    picker.onPoolChange?.(members, context(0));
    return picker.pick(members, requestLike({ path: key }), context(0))!.id;
  };
}
