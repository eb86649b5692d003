import { expect, test } from 'vitest';
import { EVENT_KIND } from '../../../engine/metrics/event-kind.ts';
import { Trace } from '../../../engine/metrics/trace.ts';

function traceOf(count: number, change?: { readonly row: number; readonly column: number }): Trace {
  const trace = new Trace();
  for (let row = 0; row < count; row += 1) {
    const event = [row * 10, EVENT_KIND.picked, row + 1, row % 3, row];
    if (change?.row === row) event[change.column]! += 1;
    trace.append(event[0]!, event[1]!, event[2]!, event[3]!, event[4]!);
  }
  return trace;
}

test('keeps every event in order while it grows', () => {
  const trace = traceOf(5000);
  expect(trace.length).toBe(5000);
  for (const row of [0, 1023, 1024, 2048, 4999])
    expect(trace.at(row)).toEqual({
      atUs: row * 10,
      kind: EVENT_KIND.picked,
      request: row + 1,
      backend: row % 3,
      value: row,
    });
});

test('finds the first event at or after a time', () => {
  const trace = traceOf(5000);
  expect([0, 1, 10, 11, 49_990, 49_991].map((atUs) => trace.firstAt(atUs))).toEqual([0, 1, 1, 2, 4999, 5000]);
  expect(new Trace().firstAt(5)).toBe(0);
});

test('its digest names all that happened: every column of every event counts', () => {
  const digest = traceOf(100).digest();
  expect(traceOf(100).digest()).toBe(digest);
  expect(traceOf(101).digest()).not.toBe(digest);
  for (const row of [0, 50, 99]) {
    for (const column of [0, 1, 2, 3, 4]) expect(traceOf(100, { row, column }).digest()).not.toBe(digest);
  }
});

test('events without a request or a backend keep their marks', () => {
  const trace = new Trace();
  trace.append(5, EVENT_KIND.action, 0, -1, 2 ** 40);
  expect(trace.at(0)).toEqual({ atUs: 5, kind: EVENT_KIND.action, request: 0, backend: -1, value: 2 ** 40 });
});
