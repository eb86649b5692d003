/** How many keys change their backend when a pool changes, found by asking the engine's picker for each key before and after. */
import { policiesFor } from '../../../engine/index.ts';
import type { Backend } from '../../../engine/index.ts';
import { backendLike, context, requestLike, world } from './worked/engine.ts';

export interface PoolChange {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface KeysMoved {
  /** Parts of all keys. */
  readonly moved: number;
  /** Of these, from a backend that stays to another that was there before. */
  readonly needless: number;
  /** The most keys on one backend before the change, against the mean. */
  readonly busiest: number;
}

export function keysMoved(
  picker: { readonly name: string; readonly options?: Readonly<Record<string, unknown>> },
  { before, after }: PoolChange,
  keys: number,
): KeysMoved {
  const views = new Map<string, Backend>();
  for (const id of [...before, ...after]) {
    const number = Number(/\d+$/.exec(id)?.[0] ?? views.size + 1);
    if (!views.has(id)) views.set(id, backendLike({ id, number, address: `10.0.0.${number}:8080` }));
  }
  const ownersBefore = owners(
    picker,
    before.map((id) => views.get(id)!),
    keys,
  );
  const ownersAfter = owners(
    picker,
    after.map((id) => views.get(id)!),
    keys,
  );
  let moved = 0;
  let needless = 0;
  ownersBefore.forEach((owner, key) => {
    const now = ownersAfter[key]!;
    if (now === owner) return;
    moved += 1;
    if (after.includes(owner) && before.includes(now)) needless += 1;
  });
  const counts = before.map((id) => ownersBefore.filter((owner) => owner === id).length);
  return { moved: moved / keys, needless: needless / keys, busiest: (Math.max(...counts) * before.length) / keys };
}

function owners(
  picker: { readonly name: string; readonly options?: Readonly<Record<string, unknown>> },
  backends: readonly Backend[],
  keys: number,
): readonly string[] {
  const scenario = world({
    pools: [
      {
        picker: { name: picker.name, options: { key: 'path', ...picker.options } },
        backends: backends.map(({ id }) => ({ id, service: { default: { kind: 'constant', valueUs: 1 } } })),
      },
    ],
  });
  const policy = [...policiesFor(scenario).pools.values()][0]!.picker;
  const ctx = context(0);
  policy.onMembersChange?.(backends, ctx);
  policy.onPoolChange?.(backends, ctx);
  return Array.from(
    { length: keys },
    (_, key) => policy.pick(backends, requestLike({ id: key + 1, path: `/item/${key}` }), ctx)!.id,
  );
}
