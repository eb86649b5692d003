import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import ts from 'typescript';
import { originalColumn } from '../../../engine/grade/instrumented.ts';
import { instrument } from '../../../engine/worker/instrument.ts';

function instrumented(source: string, marks = false) {
  return instrument(ts.createSourceFile('learner.ts', source, ts.ScriptTarget.ES2023, true), { marks });
}

/** Runs a function's source with a guard that writes down what it is told. */
function run(source: string): { answer: unknown; calls: string[] } {
  const calls: string[] = [];
  const guard = {
    step: (site: number) => void calls.push(`step ${site}`),
    at: (line: number, value: unknown) => (calls.push(`line ${line}`), value),
    spread: (list: unknown) => list,
    grows: (kept: { size?: number; length?: number }, entry: unknown) => {
      calls.push(`grows ${kept.size ?? kept.length}`);
      return entry;
    },
  };
  const { js } = instrumented(source);
  const make = runInThisContext(
    `(function (__ballast_step, __ballast_at, __ballast_spread, __ballast_grows) {${js}\nreturn main();})`,
  ) as (...given: unknown[]) => unknown;
  return { answer: make(guard.step, guard.at, guard.spread, guard.grows), calls };
}

test('every line keeps its number, and a column is found again', () => {
  const source = `function main(): number {\n  const twice = (a: number): number => a * 2;\n  return twice(4) as number;\n}`;
  const { js, insertions } = instrumented(source);
  const lines = js.split('\n');
  expect(lines).toHaveLength(source.split('\n').length);
  expect(originalColumn(insertions, 2, lines[1]!.indexOf('a * 2') + 1)).toBe(
    source.split('\n')[1]!.indexOf('a * 2') + 1,
  );
  expect(originalColumn(insertions, 3, lines[2]!.indexOf('twice') + 1)).toBe(10);
});

test('loops without braces count their turns', () => {
  const { answer, calls } = run(`function main() {
  let n = 0;
  while (n < 3) n++;
  do n++; while (n < 6);
  for (const _ of [1, 2]) n++;
  for (;;) if (n++ > 8) break;
  return n;
}`);
  expect(answer).toBe(10);
  const turns = (site: number) => calls.filter((call) => call === `step ${site}`).length;
  expect([1, 2, 3, 4].map(turns)).toEqual([3, 3, 2, 2]);
});

test('the last line told is that of the return that answered', () => {
  const { calls } = run(`function main() {
  const first = (list: number[]) =>
    list[0];
  if (first([1]) === 1) {
    return first([2]);
  }
  return 0;
}`);
  expect(calls.at(-1)).toBe('line 5');
});

test('a function that falls off its end tells the line of its brace', () => {
  const { answer, calls } = run('function main() {\n  [1].map((x) => x);\n}');
  expect(answer).toBeUndefined();
  expect(calls.at(-1)).toBe('line 3');
});

test('what types leave behind does not break what is put around it', () => {
  const { answer } = run(`function main() {
  const list = [1, 2] as const
  type T = number
  const get = <V,>(v: V): V => v as V
  interface Unused { a: number }
  return get(list[1]! as T) satisfies T
}`);
  expect(answer).toBe(2);
});

test('code that TypeScript ends for the writer ends there too', () => {
  const { answer } = run(`function main() {
  let hits = 0
  const one = () => 1
  type T = number
  ;(function () { hits++ })()
  return hits + one()
}`);
  expect(answer).toBe(2);
});

test('catch blocks count, so that a loop cannot swallow the end', () => {
  const { calls } = run('function main() { try { throw 1 } catch { return 1 } }');
  expect(calls).toContain('step 1');
});

test('sites know the loop around them in their own function', () => {
  const { sites } = instrumented('for (;;) {\n  for (;;) {\n    [].map(() => { for (;;) {} });\n  }\n}');
  expect(sites.map(({ kind, outer }) => [kind, outer])).toEqual([
    ['loop', -1],
    ['loop', 0],
    ['function', -1],
    ['loop', -1],
  ]);
});

test('marks stand before statements and change nothing else', () => {
  const { js } = instrumented('const a = 1;\nif (a) {\n  f(a);\n}\nswitch (a) {\n  case 1:\n    f(a);\n}\n', true);
  expect(js.match(/__ballast_mark\(\d+\)/g)).toEqual([1, 2, 3, 5, 7].map((line) => `__ballast_mark(${line})`));
});

test('whatever takes entries one by one is looked at first, and does what it did', () => {
  const { answer, calls } = run(`function main() {
  const all: unknown[] = ['a'];
  const state = { seen: new Map<unknown, number>(), ids: new Set<string>() };
  all.push('b', 'c');
  all.unshift(...['z']);
  state.seen.set(all.push('d') as number, 1);
  state.ids.add('x');
  [all][0].push('e');
  return [all, [...state.seen.keys()], [...state.ids]];
}`);
  expect(answer).toEqual([['z', 'a', 'b', 'c', 'd', 'e'], [5], ['x']]);
  expect(calls.filter((call) => call.startsWith('grows'))).toEqual(['grows 1', 'grows 4', 'grows 0', 'grows 0']);
});

test('a field declared in a parameter of the constructor is assigned before anything else runs, behind super()', () => {
  const { answer } = run(`class Base { constructor(protected readonly base: number) {} }
class Sum extends Base {
  constructor(private readonly a: number, public b = 2, c?: number) {
    super(100)
    this.b += c ?? 10;
  }
  total(): number { return this.base + this.a + this.b; }
}
function main() {
  const sum = new Sum(1);
  return [sum.total(), Object.keys(sum)];
}`);
  expect(answer).toEqual([113, ['base', 'a', 'b']]);
});
