import { describe, expect, test } from 'vitest';
import { language } from '../../katas/learner.ts';

const PICKER = `import type { Picker } from 'ballast';
export default function picker(): Picker {
  return {
    pick(backends, request, ctx) {
      return backends[0];
    },
  };
}
`;

const errors = (source: string) =>
  language.diagnostics(source, 'picker').map(({ line, column, message }) => `${line}:${column} ${message}`);
const returning = (expression: string) => PICKER.replace('backends[0]', expression);

describe('what TypeScript says while one types', () => {
  test('nothing to a picker', () => expect(errors(PICKER)).toEqual([]));

  test.each([
    [
      'a syntax error alone, at its place',
      PICKER.replace('return {', 'return {{'),
      /^3:11 Property assignment expected/,
    ],
    [
      'a wrong type',
      PICKER.replace('return backends[0]', 'return backends.length'),
      /^4:5 .*Type 'number' is not assignable to type 'Backend'/s,
    ],
    ['no network', returning('fetch("/") as never'), /^5:14 Cannot find name 'fetch'/],
    [
      'no other chance',
      returning('backends[Math.random()]'),
      /^5:23 Math\.random\(\) is switched off: draw from ctx\.rng/,
    ],
    ['no clock', returning('backends[Date.now()]'), /^5:23 Date is switched off: the time of the run is ctx\.nowUs/],
    ['no background work', returning('Promise.resolve(1) as never'), /^5:14 Promise is switched off/],
    ['no raw memory', returning('new Uint8Array(9) as never'), /^5:18 Uint8Array is switched off: use an array/],
    ['no code from text', returning('eval("1")'), /^5:14 eval is switched off/],
    ['no imports', `import fs from 'fs';\n${PICKER}`, /^1:1 Imports are switched off here/],
    [
      'no imports that leave code',
      PICKER.replace('import type {', 'import { type'),
      /^1:1 Imports are switched off here/,
    ],
    ['no imports on the way', returning('import("x") as never'), /^5:14 Imports are switched off here/],
    [
      'no syntax that types cannot vanish from',
      `enum A { B }\n${PICKER}`,
      /^1:6 Enums, namespaces and parameter properties/,
    ],
    ['no default export', PICKER.replace('export default ', ''), /^1:1 Nothing is exported: write `export default/],
    [
      'a default export that makes no policy',
      'export default function f() {\n  return { pck: () => undefined };\n}\n',
      /^1:1 The default export must be a function that answers a Picker\. .*pick/s,
    ],
  ])('%s', (_, source, expected) => expect(errors(source)[0]).toMatch(expected));

  test('names of its own that happen to be called like something switched off are free', () => {
    expect(errors(returning('((Date: number) => backends[Date])(0)'))).toEqual([]);
  });
});

test('a first attempt may leave types out, and put things in an empty list', () => {
  const source =
    'export default () => {\n  const seen = [];\n  return { pick(backends, request) { seen.push(request.id); return backends[0]; } };\n};\n';
  expect(errors(source)).toEqual([]);
});

test('completion after a dot knows the members, with what they are', () => {
  const source = returning('backends[0]!.');
  const found = language.complete(source, 'picker', source.indexOf('!.') + 2);
  const members = ['address', 'full', 'id', 'inFlight', 'maxConnections', 'number', 'weight', 'zone'];
  expect(found?.options.map(({ label, kind }) => [label, kind])).toEqual(members.map((name) => [name, 'property']));
});

test('completion replaces the word that was begun', () => {
  const source = returning('backe');
  const at = source.indexOf('backe;');
  const found = language.complete(source, 'picker', at + 5);
  expect(found?.from).toBe(at);
  expect(found?.options.map(({ label }) => label)).toContain('backends');
});

test('a name shows its type and the words of its contract', () => {
  const found = language.hover(PICKER, 'picker', PICKER.indexOf('pick('));
  expect(found?.type).toContain('Picker.pick(backends: readonly Backend[], request: Request, ctx: Context)');
  expect(found?.documentation).toContain('Called once per attempt.');
});

test('a health policy is asked for where the kata asks for one', () => {
  expect(language.diagnostics(PICKER, 'health')[0]?.message).toMatch(/must be a function that answers a HealthPolicy/);
});
