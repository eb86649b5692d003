import { describe, expect, it } from 'vitest';
import { mutantsOf } from '../../../../engine/cli/mutate/mutants.ts';

const after = (source: string): string[] => mutantsOf(source).map((mutant) => mutant.after);

describe('the mutants of a source', () => {
  it.each([
    ['a < b;', ['a <= b;', 'a >= b;']],
    ['a >= b;', ['a > b;', 'a < b;']],
    ['a === b;', ['a !== b;']],
  ])('a comparison meets its boundary and its opposite: %s', (source, expected) => {
    expect(after(source)).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['a + b;', 'a - b;'],
    ['a * b;', 'a / b;'],
    ['a % b;', 'a * b;'],
    ['a >>> 3;', 'a << 3;'],
    ['a && b;', 'a || b;'],
    ['a += b;', 'a -= b;'],
    ['a++;', 'a--;'],
    ['--a;', '++a;'],
    ['Math.min(a, b);', 'Math.max(a, b);'],
    ['list.every(is);', 'list.some(is);'],
    ['f(-a);', 'f(a);'],
    ['f(!a);', 'f(a);'],
    ['f(true);', 'f(false);'],
    [`f('text');`, `f('');`],
  ])('%s may have been meant as %s', (source, expected) => {
    expect(after(source)).toContain(expected);
  });

  it('a condition is turned round, always holds, or never', () => {
    const found = after('if (a) b();');
    expect(found).toEqual(expect.arrayContaining(['if (!(a)) b();', 'if (true) b();', 'if (false) b();']));
    expect(after('f(a ? b : c);')).toContain('f(!(a) ? b : c);');
  });

  it('a number is one more and one less, and below 0 in brackets', () => {
    expect(after('f(10);')).toEqual(expect.arrayContaining(['f(11);', 'f(9);']));
    expect(after('f(0);')).toContain('f((-1));');
  });

  it('a length is one off', () => {
    expect(after('f(list.length);')).toEqual(
      expect.arrayContaining(['f((list.length + 1));', 'f((list.length - 1));']),
    );
  });

  it('a statement is forgotten, with all that belongs to it', () => {
    const found = mutantsOf('b();\nif (a) {\n  c();\n}\n').filter(({ after }) => after === ';');
    expect(found.map(({ line, source }) => [line, source])).toEqual([
      [1, ';\nif (a) {\n  c();\n}\n'],
      [2, 'b();\n;\n'],
      [3, 'b();\nif (a) {\n  ;\n}\n'],
    ]);
  });

  it('an answer is replaced by nothing', () => {
    expect(after('function f() {\n  return a;\n}')).toContain('return undefined;');
    expect(after('const f = () => a;')).toContain('const f = () => undefined;');
  });

  it('types and imports are left alone', () => {
    expect(
      mutantsOf(`import type { A } from 'a';\ninterface B { readonly kind: 'b' | 1 }\nlet c: 'c' | true;\n`),
    ).toEqual([]);
  });

  it('functions that the starter has word for word are left alone', () => {
    const given = 'function hash(n: number) {\n  return n * 7;\n}';
    expect(mutantsOf(`${given}\nf(!a);`, given).map(({ after }) => after)).toEqual([';', 'f(a);']);
    expect(after(given)).toContain('return n / 7;');
  });

  it('each says its line, before and after, as one line', () => {
    expect(mutantsOf('f();\n  if (a <\n      b) return;\n').find(({ after }) => after.includes('<='))).toMatchObject({
      line: 2,
      before: 'if (a <',
      after: 'if (a <=',
    });
  });

  it('no two are the same', () => {
    const sources = mutantsOf('if (a < 1 && !b) { f(a - 1); return; }').map(({ source }) => source);
    expect(new Set(sources).size).toBe(sources.length);
  });
});
