import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeadlineQueue } from '../../../engine/pickers/deadline-queue.ts';

test('the first is the one with the smallest number, and among equals who was placed first, whatever was placed, moved and removed', () => {
  const step = fc.record({ index: fc.nat(7), deadline: fc.nat(3), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new DeadlineQueue(8);
      let plain: { index: number; deadline: number }[] = [];
      for (const { index, deadline, remove } of steps) {
        plain = plain.filter((entry) => entry.index !== index);
        if (remove) queue.remove(index);
        else {
          queue.place(index, deadline);
          plain.push({ index, deadline });
        }
        const least = Math.min(...plain.map((entry) => entry.deadline));
        expect(queue.first).toBe(plain.find((entry) => entry.deadline === least)?.index ?? -1);
        expect(queue.size).toBe(plain.length);
        expect(queue.has(index)).toBe(!remove);
      }
    }),
    { numRuns: 300 },
  );
});

test('a second number decides among equals, then the index', () => {
  const queue = new DeadlineQueue(3);
  queue.place(2, 1, 5);
  queue.place(0, 1, 7);
  expect(queue.first).toBe(2);
  queue.place(1, 1, 5);
  expect(queue.first).toBe(1);
});
