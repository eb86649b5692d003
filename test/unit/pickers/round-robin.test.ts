import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundRobin } from '../../../engine/pickers/round-robin.ts';
import { commands, obey } from '../../contract/commands.ts';
import { SmallPool } from '../../contract/small-pool.ts';

const pool = (size: number) => new SmallPool(roundRobin(), 1, new Array<number>(size).fill(1));

test('backends take turns in the order of the pool', () => {
  expect(pool(3).sequence(7)).toEqual(['b0', 'b1', 'b2', 'b0', 'b1', 'b2', 'b0']);
});

test('when a backend that had its turn leaves, the turn stays where it was', () => {
  const four = pool(4);
  expect(four.sequence(2)).toEqual(['b0', 'b1']);
  four.remove(0);
  expect(four.sequence(4)).toEqual(['b2', 'b3', 'b1', 'b2']);
});

test('when the backend that is due leaves, the turn passes to the next', () => {
  const four = pool(4);
  expect(four.sequence(1)).toEqual(['b0']);
  four.drain(1, true);
  expect(four.sequence(4)).toEqual(['b2', 'b3', 'b0', 'b2']);
});

test('a backend that joins in front of the one due waits for its turn', () => {
  const three = pool(3);
  expect(three.sequence(1)).toEqual(['b0']);
  three.add(1, 1);
  expect(three.sequence(4)).toEqual(['b1', 'b2', 'b0', 'b3']);
});

test('the turn survives a moment in which nobody is eligible', () => {
  const three = pool(3);
  expect(three.sequence(2)).toEqual(['b0', 'b1']);
  for (const i of [0, 1, 2]) three.drain(i, true);
  expect(three.sequence(1)).toEqual(['none']);
  for (const i of [0, 1, 2]) three.drain(i, false);
  expect(three.sequence(3)).toEqual(['b2', 'b0', 'b1']);
});

test('between two turns of a backend, each other that stayed eligible has exactly one', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      const three = pool(3);
      /** For each backend with a turn: who stayed eligible since then, with the turns they had. */
      const since = new Map<string, Map<string, number>>();
      for (const command of sequence) {
        const pick = obey(three, command);
        const eligible = new Set(three.eligible.map((view) => view.id));
        for (const others of since.values()) {
          for (const id of others.keys()) if (!eligible.has(id)) others.delete(id);
        }
        for (const id of since.keys()) if (!eligible.has(id)) since.delete(id);
        const chosen = pick?.picked?.id;
        if (chosen === undefined) continue;
        for (const [id, turns] of since.get(chosen) ?? []) expect([id, turns]).toEqual([id, 1]);
        for (const others of since.values()) {
          const turns = others.get(chosen);
          if (turns !== undefined) others.set(chosen, turns + 1);
        }
        since.set(chosen, new Map([...eligible].filter((id) => id !== chosen).map((id) => [id, 0])));
      }
    }),
    { numRuns: 300 },
  );
});
