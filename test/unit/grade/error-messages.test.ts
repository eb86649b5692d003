/** What a learner reads when code goes wrong before any check can speak: title and message of each way, as they stand on the page. */
import { expect, test } from 'vitest';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { inOurWords } from '../../../engine/grade/javascript-errors.ts';
import { failureOf } from '../../../engine/grade/fault.ts';
import { compile, grade } from '../../../engine/cli/learner.ts';

const folder = new URL('../../../katas', import.meta.url).pathname;
const [first] = readKataFolder(folder, 'round-robin').scenarios;

const HEAD = `import type { Backend, Picker } from 'ballast';
export default function picker(): any {
  return {
    pick(backends: any, request: any, ctx: any): any {
`;

/** A picker whose pick() has this body, which begins at line 5. */
const pick = (body: string) => `${HEAD}${body}\n      return backends[0];\n    },\n  };\n}\n`;

function told(source: string): string {
  const learner = compile(source, 'picker');
  if (typeof learner === 'string') return learner;
  const { failure } = grade(learner, first!, [], 1);
  return failure === undefined
    ? 'nothing went wrong'
    : `${failure.title}\n${failure.line ? `line ${failure.line}: ` : ''}${failure.message ?? ''}`;
}

test.each<[string, string]>([
  ['a syntax error', pick('const = 3;')],
  ['a wrong type', pick('const n: number = "x";')],
  ['the network', pick('fetch("/");')],
  ['a timer', pick('setTimeout(() => 1, 5);')],
  ['the page', pick('document.title = "x";')],
  ['an import', `import fs from 'node:fs';\n${pick('')}`],
  ['chance', pick('return backends[Math.floor(Math.random() * 3)];')],
  ['the clock', pick('const t = Date.now();')],
  ['waiting', pick('const wait = async () => { await 1; };')],
  ['nothing exported', 'const picker = 3;\n'],
  ['an error of its own', pick('throw new Error("no luck");')],
  ['a text thrown', pick('throw "no luck";')],
  ['a property of undefined', pick('backends[99].id;')],
  ['no function', pick('backends[0].id();')],
  ['no list', pick('const [a] = request;')],
  ['a name that does not exist yet', pick('const f = () => n; f(); const n = 1;')],
  ['an empty reduce', pick('[].reduce((a, b) => a);')],
  ['a write to a backend', pick('backends[0].inFlight = 0;')],
  ['a field added to a backend', pick('backends[0].score = 1;')],
  ['a loop without end', pick('for (;;) {}')],
  [
    'a function called for ever',
    pick('const f = () => {}; const all = [].constructor(1500).fill(0); for (const a of all) all.map(f);'),
  ],
  [
    'all steps of a test',
    `export default (): any => {
  const work = () => { for (let i = 0; i < 199_000; i++) {} };
  return { pick(b: any) { work(); return b[0]; }, onRequestStart: work };
};
`,
  ],
  ['recursion', pick('const f: any = () => f() + 1; f();')],
  ['a list without end', pick('let all = [1]; for (;;) all = [...all, ...all];')],
  [
    'a Map that is never emptied',
    `const all = new Map<number, number>();
export default (): any => ({
  pick(b: any) {
    for (let i = 0; i < 150_000; i++) {
      all.set(all.size, i);
    }
    return b[0];
  },
});
`,
  ],
  ['a text without end', pick('let t = "x"; for (;;) t += t;')],
  ['a number as answer', pick('return 0;')],
  ['an id as answer', pick('return "s1";')],
  ['a promise as answer', 'export default (): any => ({ async pick(b: any) { return b[0]; } });\n'],
  ['no policy', 'export default (): any => 3;\n'],
  ['a policy without pick', 'export default (): any => ({ choose() {} });\n'],
  ['a factory that throws', 'export default (): any => { throw new Error("no luck"); };\n'],
])('%s', (_, source) => expect(told(source)).toMatchSnapshot());

/** One mistake, as Chromium and as Firefox say it. */
test.each([
  ["Cannot read properties of undefined (reading 'id')", 'can\'t access property "id", backends[99] is undefined'],
  ["Cannot set properties of null (setting 'id')", 'can\'t access property "id", x is null'],
  ['Cannot set property inFlight of #<Object> which has only a getter', 'setting getter-only property "inFlight"'],
  ["Cannot assign to read only property 'kind' of object '#<Object>'", '"kind" is read-only'],
  ['Cannot add property score, object is not extensible', 'can\'t define property "score": Object is not extensible'],
  ["Cannot delete property 'id' of #<Object>", 'property "id" is non-configurable and can\'t be deleted'],
  ["Cannot access 'n' before initialization", "can't access lexical declaration 'n' before initialization"],
  ['Assignment to constant variable.', "invalid assignment to const 'n'"],
  ['Reduce of empty array with no initial value', 'reduce of empty array with no initial value'],
])('two browsers, one message: %s', (chromium, firefox) => {
  expect(inOurWords(firefox)).toBe(inOurWords(chromium));
  expect(inOurWords(chromium)).not.toBe(chromium);
});

test('a fault of the engine says that the learner is not to blame', () => {
  const fault = {
    kind: 'engine',
    call: '',
    message: 'x',
    line: 0,
    column: 0,
    loop: false,
    atUs: 0,
    request: 0,
  } as const;
  expect(failureOf(fault, { insertions: [] })).toMatchObject({
    kind: 'engine-fault',
    title: 'Our fault: the engine failed',
    message: 'Your code is not to blame and is safe. Please report this: x',
  });
});
