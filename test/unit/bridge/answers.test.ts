import { expect, test } from 'vitest';
import { readAnswer } from '../../../src/bridge/answers.ts';

const asked = { run: 7, tests: 3, kind: 'picker' } as const;
const run = {
  tape: { picks: Uint16Array.of(0, 1), traits: { picks: [1, 0, 0] }, seed: 9 },
  lines: Uint16Array.of(4, 4),
  steps: 2,
  digest: '0123456789abcdef',
};
const fault = { kind: 'threw', call: 'pick', message: 'no', line: 3, column: 1, loop: false, atUs: 10, request: 1 };
const result = { kind: 'result', run: 7, test: 2, result: run, log: ['a line'] };

test('what the sandbox says is read, and built anew without what does not belong there', () => {
  expect(readAnswer({ kind: 'ready', extra: 1 }, asked)).toEqual({ kind: 'ready' });
  expect(readAnswer({ kind: 'progress', run: 7, test: 0, decision: 5, extra: 1 }, asked)).toEqual({
    kind: 'progress',
    run: 7,
    test: 0,
    decision: 5,
  });
  expect(readAnswer({ ...result, result: { ...run, passed: true } }, asked)).toEqual(result);
  expect(readAnswer({ ...result, result: { ...run, digest: '', fault } }, asked)).toEqual({
    ...result,
    result: { ...run, digest: '', fault },
  });
});

test('a health kata takes a health tape and nothing else', () => {
  const tape = { health: Uint8Array.of(0, 1, 2), traits: { health: [1, 0, 0, 0, 0, 0] }, seed: 9 };
  const health = { ...asked, kind: 'health' } as const;
  expect(readAnswer({ ...result, result: { ...run, tape } }, health)).toMatchObject({ result: { tape } });
  expect(readAnswer({ ...result, result: { ...run, tape } }, asked)).toBeUndefined();
  expect(readAnswer(result, health)).toBeUndefined();
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', 'done'],
  ['another kind', { kind: 'verdict', run: 7, test: 0, passed: true }],
  ['another run', { ...result, run: 8 }],
  ['a test that was not asked for', { ...result, test: 3 }],
  ['half a decision', { kind: 'progress', run: 7, test: 0, decision: 0.5 }],
  ['a tape of another type', { ...result, result: { ...run, tape: { ...run.tape, picks: [0, 1] } } }],
  [
    'a tape beyond all measure',
    { ...result, result: { ...run, tape: { ...run.tape, picks: new Uint16Array(4_000_001) } } },
  ],
  ['a tape of no seed', { ...result, result: { ...run, tape: { ...run.tape, seed: undefined } } }],
  ['traits that are no numbers', { ...result, result: { ...run, tape: { ...run.tape, traits: { picks: ['1'] } } } }],
  ['texts that are none', { ...result, result: { ...run, tape: { ...run.tape, texts: [1] } } }],
  ['no lines', { ...result, result: { ...run, lines: undefined } }],
  ['a digest that is none', { ...result, result: { ...run, digest: '<b>' } }],
  ['a fault of an unknown kind', { ...result, result: { ...run, fault: { ...fault, kind: 'constructor' } } }],
  ['a fault with a long message', { ...result, result: { ...run, fault: { ...fault, message: 'x'.repeat(601) } } }],
  ['a fault at no line', { ...result, result: { ...run, fault: { ...fault, line: -1 } } }],
  ['a flood of lines', { ...result, log: Array.from({ length: 201 }, () => 'x') }],
  ['a log that is no text', { ...result, log: [{}] }],
])('%s is refused', (_, value) => expect(readAnswer(value, asked)).toBeUndefined());
