import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventQueue } from '../../../engine/world/event-queue.ts';

it('gives events back by time, and those of one microsecond in the order they were planned', () => {
  // A push of a time, or a pop: few distinct times, so that ties are common.
  const script = fc.array(fc.option(fc.nat(20), { nil: 'pop' as const, freq: 3 }), { maxLength: 400 });
  fc.assert(
    fc.property(script, (steps) => {
      const queue = new EventQueue();
      const expected: { atUs: number; subject: number }[] = [];
      steps.forEach((step, subject) => {
        if (step !== 'pop') {
          queue.push(step, subject % 7, subject, 2 * subject);
          const place = expected.findIndex(({ atUs }) => atUs > step);
          expected.splice(place < 0 ? expected.length : place, 0, { atUs: step, subject });
          return;
        }
        const next = expected.shift();
        expect(queue.nextUs).toBe(next?.atUs ?? Infinity);
        if (next === undefined) return;
        expect([queue.nextKind, queue.nextSubject, queue.nextStamp]).toEqual([
          next.subject % 7,
          next.subject,
          2 * next.subject,
        ]);
        queue.pop();
      });
      expect(queue.length).toBe(expected.length);
    }),
  );
});

it('is empty again after the last event is taken', () => {
  const queue = new EventQueue();
  queue.push(5, 0, 0, 0);
  queue.pop();
  expect(queue.nextUs).toBe(Infinity);
  expect(queue.length).toBe(0);
});
