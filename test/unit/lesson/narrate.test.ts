import { expect, test } from 'vitest';
import { type Action, BELIEVED, EVENT, EVENT_KIND, FAILURE } from '../../../engine/index.ts';
import { actionWords, narrate } from '../../../src/components/lesson/narrate.ts';
import { castWith } from './figures.ts';

function event(kind: number, value: number, request = 3344, backend = 1): number[] {
  const row = new Array<number>(EVENT.stride).fill(0);
  row[EVENT.atUs] = 11_196_000;
  row[EVENT.kind] = kind;
  row[EVENT.request] = request;
  row[EVENT.backend] = backend;
  row[EVENT.value] = value;
  return row;
}

const tell = (columns: number[], timeline: Action[] = []): string[] =>
  narrate(columns, castWith(3), timeline).map(({ sign, text }) => `${sign.word}: ${text}`.replaceAll('\u00a0', ' '));

test('each event is told as who, where and how long', () => {
  expect(
    tell([...event(EVENT_KIND.served, 89_000), ...event(EVENT_KIND.picked, 6), ...event(EVENT_KIND.queued, 45)]),
  ).toEqual([
    'served: request 3,344 by s2 in 89 ms',
    'in flight: request 3,344 goes to s2',
    'queued: request 3,344 is number 45 in the queue of s2',
  ]);
  expect(narrate(event(EVENT_KIND.picked, 6), castWith(3), [])[0]!.inFlight).toBe(6);
});

test('every way to fail has its own words', () => {
  const told = Object.values(FAILURE).map((failure) => tell(event(EVENT_KIND.failed, failure))[0]!);
  expect(new Set(told).size).toBe(told.length);
  expect(tell(event(EVENT_KIND.failed, FAILURE.noBackend, 7, -1))).toEqual([
    'failed: request 7: 503, no backend could take it',
  ]);
});

test('a change of belief says what it means for traffic', () => {
  expect(tell(event(EVENT_KIND.health, BELIEVED.unhealthy, 0))).toEqual(['unhealthy: s2 gets no more requests']);
  expect(tell(event(EVENT_KIND.probed, 0, 0))).toEqual(['not passed: health check of s2']);
});

test('an action is told by what it does', () => {
  const slow: Action = { do: 'slow', atUs: 0, backend: 's2', factor: 5 };
  expect(tell(event(EVENT_KIND.action, 0, 0), [slow])).toEqual(['slow: s2 now takes 5 times as long']);
  expect(actionWords({ do: 'set-rate', atUs: 0, client: 'c1', rateRps: 500 })).toBe('c1 now sends 500/s');
});

test('arrivals are left out: the pick that follows says the same and more', () => {
  expect(tell(event(EVENT_KIND.arrived, 0))).toEqual([]);
});
