import { originalColumn } from './instrumented.ts';
import type { Instrumented } from './instrumented.ts';
import { inOurWords } from './javascript-errors.ts';
import type { Failure } from './verdict.ts';

/** How a run of learner code ended before its time. Plain data; it comes out of the sandbox, so nothing in it is to be believed. */
export interface Fault {
  readonly kind:
    | 'threw'
    /** Too many guard steps in one decision. */
    | 'steps'
    /** Too many in one test, all decisions together. */
    | 'all-steps'
    /** Calls itself without end. */
    | 'recursion'
    /** More elements or characters than the run may make, or a length that cannot be. */
    | 'memory'
    /** One list, Map or Set with more entries than any may have. */
    | 'entries'
    /** The answer is no possible one; `message` names it. */
    | 'answer'
    | 'promise'
    /** The default export did not make a policy; `message` says what it made. */
    | 'not-a-policy'
    /** The engine failed, not the learner. */
    | 'engine';
  /** What was called: `pick`, `observe`, a hook, `your default export` or `your file`. */
  readonly call: string;
  readonly message: string;
  /** Of the instrumented code; 0: not known. */
  readonly line: number;
  readonly column: number;
  /** The line is that of a loop. */
  readonly loop: boolean;
  /** Of `steps`, `all-steps`, `memory` and `entries`: how many were allowed. */
  readonly limit?: number;
  readonly atUs: number;
  readonly request: number;
}

/** The fault as a failure of the verdict, in the learner's own lines. */
export function failureOf(fault: Fault, { insertions }: Pick<Instrumented, 'insertions'>): Failure {
  const { call, line, column, atUs, request } = fault;
  return {
    ...TELL[fault.kind](fault),
    ...(isOfRun(call) && { when: { atUs, request } }),
    ...(line > 0 && { line }),
    ...(line > 0 && column > 0 && { column: originalColumn(insertions, line, column) }),
  };
}

/** Does the call belong to a moment of the run? The others are `your default export` and `your file`. */
function isOfRun(call: string): boolean {
  return !call.startsWith('your ');
}

type Told = Pick<Failure, 'kind' | 'title'> & { message: string };

const TELL: Record<Fault['kind'], (fault: Fault) => Told> = {
  threw: (fault) => ({
    kind: 'threw',
    title: `Threw: ${nameOf(fault)} ended with an error`,
    message: capital(sentence(inOurWords(fault.message))),
  }),
  steps: (fault) => ({
    kind: 'too-long',
    title: `Ran too long: ${nameOf(fault)} did not come to an end`,
    message:
      `${capital(nameOf(fault))} ran more than ${thousands(fault.limit ?? 0)} steps in one call. ` +
      (fault.loop
        ? `The loop at line ${fault.line} never ended: look for what should make its condition false.`
        : `The function at line ${fault.line} was called again and again.`),
  }),
  'all-steps': (fault) => ({
    kind: 'too-long',
    title: 'Ran too long: all decisions together took too many steps',
    message:
      `This test used up its ${millions(fault.limit)} steps, although no single call went beyond its own limit. ` +
      'Do less in each: keep what you need up to date instead of going through everything again.',
  }),
  recursion: (fault) => ({
    kind: 'too-long',
    title: `Ran too long: ${nameOf(fault)} calls itself without end`,
    message: `A function calls itself${atLine(fault)} until no room is left, or gets far too many arguments at once. Give it a case in which it answers without calling itself.`,
  }),
  memory: (fault) => ({
    kind: 'too-much-memory',
    title: `Too much memory: ${nameOf(fault)} asked for more than there is`,
    message:
      (fault.limit
        ? `Built-in functions made more than ${millions(fault.limit)} list elements and characters in this test. `
        : 'A list or a text became longer than JavaScript allows. ') +
      `Look for what grows${atLine(fault)} and is never emptied.`,
  }),
  entries: (fault) => ({
    kind: 'too-much-memory',
    title: `Too much memory: ${nameOf(fault)} keeps more than there is room for`,
    message: `One list, Map or Set came to more than ${millions(fault.limit)} entries. Look for what grows${atLine(fault)} and is never emptied.`,
  }),
  answer: (fault) => ({
    kind: 'wrong-answer',
    title: `Wrong answer: ${nameOf(fault)} returned something that is no possible answer`,
    message: capital(sentence(fault.message)),
  }),
  promise: (fault) => ({
    kind: 'wrong-answer',
    title: `Wrong answer: ${nameOf(fault)} returned a promise`,
    message: `${capital(nameOf(fault))} must answer at once: remove \`async\`, and do not wait for anything.`,
  }),
  'not-a-policy': (fault) => ({
    kind: 'wrong-answer',
    title: 'Wrong answer: the default export did not make a policy',
    message: sentence(fault.message),
  }),
  engine: (fault) => ({
    kind: 'engine-fault',
    title: 'Our fault: the engine failed',
    message: `Your code is not to blame and is safe. Please report this: ${fault.message}`,
  }),
};

function nameOf({ call }: Fault): string {
  return isOfRun(call) ? `${call}()` : call;
}

/** Names of calls and backends stay as they are written. */
function capital(text: string): string {
  return /^(your|the|an?) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function atLine({ line }: Fault): string {
  return line > 0 ? ` at line ${line}` : '';
}

function sentence(text: string): string {
  return /[.:?]$/.test(text) ? text : `${text}.`;
}

function millions(n = 0): string {
  return `${n / 1_000_000} million`;
}

function thousands(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ' ');
}
