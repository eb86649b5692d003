import { describe, expect, test } from 'vitest';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { compile, grade } from '../../../engine/cli/learner.ts';

const folder = new URL('../../../katas', import.meta.url).pathname;
const [first] = readKataFolder(folder, 'round-robin').scenarios;
const [probed] = readKataFolder(folder, 'health-hysteresis').scenarios;

/** The body of pick() begins at line 5. */
function picker(body: string): string {
  return `import type { Backend, Picker } from 'ballast';
export default function picker(): Picker {
  return {
    pick(backends, request, ctx) {
${body}
      return backends[0];
    },
  };
}
`;
}

function failure(source: string) {
  const learner = compile(source, 'picker');
  if (typeof learner === 'string') throw new Error(learner);
  const verdict = grade(learner, first!, [], 1);
  expect(verdict.status).toBe('failed');
  return verdict.failure!;
}

describe('learner code that goes wrong', () => {
  test('throws: what, when and where', () => {
    expect(failure(picker('if (request.id === 4) throw new Error("no luck");'))).toEqual({
      kind: 'threw',
      title: 'Threw: pick() ended with an error',
      message: 'no luck.',
      when: { atUs: 40_000, request: 4 },
      line: 5,
      column: 29,
    });
  });

  test('throws something that is no error', () => {
    expect(failure(picker('throw "just text";')).message).toBe(
      'just text. A text was thrown: with throw new Error(…) its line would stand here.',
    );
    expect(failure(picker('throw null;')).message).toBe('null was thrown.');
    expect(failure(picker('throw { get message() { throw 1; } };')).message).toMatch(/^An object was thrown/);
  });

  test('writes to a backend', () => {
    const { kind, line, message } = failure(picker('(backends[0] as { inFlight: number }).inFlight = 0;'));
    expect({ kind, line }).toEqual({ kind: 'threw', line: 5 });
    expect(message).toBe(
      '`inFlight` cannot be written to. Backends, requests and outcomes are read-only: keep your own state in a Map.',
    );
  });

  test('never ends a loop: the outer one that turns for ever is named, not the one inside', () => {
    const { kind, message, line } = failure(picker('while (true) {\n  for (const b of backends) b.id;\n}'));
    expect({ kind, line }).toEqual({ kind: 'too-long', line: 5 });
    expect(message).toBe(
      'pick() ran more than 2 000 000 steps in one call. The loop at line 5 never ended: look for what should make its condition false.',
    );
  });

  test('never ends a loop inside one that does end', () => {
    expect(failure(picker('for (const b of backends) {\n  for (;;) b.id;\n}')).line).toBe(6);
  });

  test('swallows the error that would end its loop', () => {
    expect(failure(picker('for (;;) {\n  try { for (;;) {} } catch {}\n}')).kind).toBe('too-long');
  });

  test('calls itself without end', () => {
    const { kind, title } = failure(picker('const f = (): number => f() + 1;\nf();'));
    expect({ kind, title }).toEqual({ kind: 'too-long', title: 'Ran too long: pick() calls itself without end' });
  });

  test('builds a text without end', () => {
    const { kind, line } = failure(picker('let s = "x";\nfor (;;) s += s;'));
    expect({ kind, line }).toEqual({ kind: 'too-much-memory', line: 6 });
  });

  test('spreads a list without end', () => {
    const { kind, line } = failure(picker('let a = [1];\nfor (;;) a = [...a, ...a];'));
    expect({ kind, line }).toEqual({ kind: 'too-much-memory', line: 6 });
  });

  test('returns what is no backend', () => {
    const { kind, message, line } = failure(picker('if (request.id === 2) return "s1" as never;'));
    expect({ kind, line }).toEqual({ kind: 'wrong-answer', line: 5 });
    expect(message).toBe(
      'The text "s1" was returned, which is the id of a backend and not the backend: expected the element of the list that has this id, or undefined to decline.',
    );
  });

  test('returns a promise', () => {
    const source = 'export default (): any => ({ async pick(backends: never[]) { return backends[0]; } });\n';
    const { title, message } = failure(source);
    expect(title).toBe('Wrong answer: pick() returned a promise');
    expect(message).toBe('pick() must answer at once: remove `async`, and do not wait for anything.');
  });

  test('makes no policy', () => {
    const { title, message } = failure('export default (): any => 3;\n');
    expect(title).toBe('Wrong answer: the default export did not make a policy');
    expect(message).toBe('The default export must answer an object with a function pick, found the number 3.');
  });

  test('fails in a hook, which is named', () => {
    const source = picker('').replace('pick(', 'onRequestEnd() { throw new Error("late"); },\n    pick(');
    const { title, message } = failure(source);
    expect(title).toBe('Threw: onRequestEnd() ended with an error');
    expect(message).toBe('late.');
  });

  test('answers no health', () => {
    const learner = compile("export default (): any => ({ observe: () => 'ill' });\n", 'health');
    if (typeof learner === 'string') throw new Error(learner);
    expect(grade(learner, probed!, [], 1).failure?.message).toMatch(
      /^The text "ill" was returned, expected 'healthy', 'unhealthy' or undefined\.$/,
    );
  });
});

test('the array of each call is the learner’s own, and its views are not', () => {
  const learner = compile(
    picker('(backends as Backend[]).length = 1;\n(backends as Backend[]).push(backends[0]!);'),
    'picker',
  );
  if (typeof learner === 'string') throw new Error(learner);
  expect(grade(learner, first!, [], 1).status).toBe('passed');
});

test('a run that was broken off keeps its tape, its lines and its time', () => {
  const learner = compile(picker('if (request.id === 4) throw new Error("no");'), 'picker');
  if (typeof learner === 'string') throw new Error(learner);
  const verdict = grade(learner, first!, [], 1);
  expect(verdict.brokenOffUs).toBe(40_000);
  expect([...verdict.tape!.picks!]).toEqual([0, 0, 0]);
  expect([...verdict.lines!]).toEqual([6, 6, 6]);
});
