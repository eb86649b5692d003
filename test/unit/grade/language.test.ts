import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { language } from '../../../engine/cli/language.ts';
import { KINDS, policyKinds } from '../../../engine/grade/policy-kinds.ts';

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

  test('nothing to a field declared in a parameter of the constructor', () =>
    expect(
      errors(`class A { constructor(private readonly n: number) {}\n  get twice() { return 2 * this.n; } }\n${PICKER}`),
    ).toEqual([]));

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
    ['no enum', `enum A { B }\n${PICKER}`, /^1:1 Enums are switched off here\. Write an object: `const Color/],
    ['no namespace', `namespace A { export const b = 1; }\n${PICKER}`, /^1:1 Namespaces are switched off here\. Write/],
    ['no assertion before a value', returning('<any>backends[0]'), /^5:14 Write `value as Type`/],
    ['no decorator', `@f class A {}\n${PICKER}`, /^1:1 Decorators are switched off here/],
    ['no accessor field', `class A { accessor n = 1; }\n${PICKER}`, /^1:11 accessor fields are switched off here/],
    ['no way to switch the checks off', `// @ts-nocheck\n${PICKER}`, /^1:1 @ts-nocheck is switched off here/],
    ['no name of a guard', `const __ballast_step = 1;\n${PICKER}`, /^1:7 Names that begin with __ballast belong/],
    [
      'nor one in disguise',
      `const \\u005f_ballast_step = 1;\n${PICKER}`,
      /^1:7 Names that begin with __ballast belong/,
    ],
    [
      'no customs of one place',
      returning('backends["a".localeCompare("b")]'),
      /^5:27 localeCompare\(\) is switched off/,
    ],
    ['no sine', returning('backends[Math.sin(1)]'), /^5:23 Math\.sin\(\) is switched off: its last digit differs/],
    ['no waiting in a loop', `async function f() { for await (const x of []) x; }\n${PICKER}`, /^1:22 for await is/],
    ['no import.meta', returning('import.meta as never'), /^5:14 import\.meta is switched off/],
    ['no module that poses as a promise', `export const then = 1;\n${PICKER}`, /^1:14 A file that exports `then`/],
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

test('what is switched off is not offered', () => {
  const source = returning('backends[Math.');
  const found = language.complete(source, 'picker', source.indexOf('Math.') + 5)!;
  const labels = found.options.map(({ label }) => label);
  expect(labels).toContain('floor');
  expect(labels).not.toContain('random');
  expect(labels).not.toContain('sin');
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

describe.each(policyKinds)('hovering in the file of a kata about %s', (kind) => {
  const { contract, members } = KINDS[kind];

  test('tells of the contract and of each of its members, where it is called and where it is written', () => {
    const told = (source: string, position: number) => language.hover(source, kind, position)?.documentation ?? '';
    const file = `import type { ${contract} } from 'ballast';\n`;
    expect(told(file, file.indexOf(contract)), contract).not.toBe('');
    for (const name of Object.keys(members)) {
      const called = `${file}declare const policy: Required<${contract}>;\npolicy.${name};\n`;
      const ofContract = told(called, called.lastIndexOf(name));
      expect(ofContract, `policy.${name}`).not.toBe('');
      const written = `${file}export default (): ${contract} => ({ ${name}: null! });\n`;
      expect(told(written, written.lastIndexOf(name)), `{ ${name} }`).toBe(ofContract);
    }
  });
});

const policyText = readFileSync(new URL('../../../engine/core/policy.ts', import.meta.url), 'utf8');

describe('what the contracts speak of', () => {
  const file = ts.createSourceFile('policy.ts', policyText, ts.ScriptTarget.ES2023, true);
  const declared = new Map(
    file.statements
      .filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
      .map((one) => [one.name.text, one] as const),
  );

  /** Names of declared types that a part of the file mentions. */
  const mentioned = (node: ts.Node): string[] => {
    const own = ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) ? [node.typeName.text] : [];
    return [...own.filter((name) => declared.has(name)), ...node.getChildren().flatMap(mentioned)];
  };
  const reached = new Set(policyKinds.map((kind): string => KINDS[kind].contract));
  for (const name of reached) for (const other of mentioned(declared.get(name)!)) reached.add(other);

  /** Members of a type, and of the types that are written out in it. */
  const membersIn = (node: ts.Node): ts.TypeElement[] => [
    ...(ts.isPropertySignature(node) || ts.isMethodSignature(node) ? [node] : []),
    ...node.getChildren().flatMap(membersIn),
  ];

  test('reaches from the contracts to facts, answers and numbers', () => {
    expect([...reached]).toEqual(expect.arrayContaining(['Backend', 'Flow', 'Site', 'LoadReport', 'Rng', 'Health']));
  });

  test.each([...reached])('%s has words, and so has each of its members, where a learner hovers', (name) => {
    const declaration = declared.get(name)!;
    const used = `import type { ${name} } from 'ballast';\n`;
    const wordsAt = (source: string, position: number) => language.hover(source, 'picker', position)?.documentation;
    expect(wordsAt(used, used.indexOf(name))).toMatch(/./);
    for (const member of membersIn(declaration)) {
      expect(ts.getJSDocCommentsAndTags(member), `${name}.${member.name!.getText()}`).not.toEqual([]);
    }
    if (!ts.isInterfaceDeclaration(declaration)) return;
    for (const { name: member } of declaration.members) {
      const called = `${used}declare const one: Required<${name}>;\none.${member!.getText()};\n`;
      expect(wordsAt(called, called.lastIndexOf(member!.getText())), member!.getText()).toMatch(/./);
    }
  });
});
