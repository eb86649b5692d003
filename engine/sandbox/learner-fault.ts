import type { Fault } from '../grade/fault.ts';
import { NoAnswer } from './answers.ts';
import { describe } from './describe.ts';
import type { Guard, Hit } from './guard.ts';
import { placeIn } from './stack.ts';

/** Thrown through the simulation when learner code cannot go on. */
export class LearnerFault extends Error {
  readonly #fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.#fault = fault;
  }

  /** The fault, if `thrown` is one of ours. Nothing of it is run to find out, as `instanceof` would with a proxy. */
  static in(thrown: unknown): Fault | undefined {
    return typeof thrown === 'object' && thrown !== null && #fault in thrown ? thrown.#fault : undefined;
  }
}

/** When learner code was called; zeros outside of the run's time. */
export interface Moment {
  readonly atUs: number;
  readonly request: number;
}

export const NOWHERE: Moment = { atUs: 0, request: 0 };

/**
 * Runs learner code; whatever it throws, and a limit that it hit even if it hid that, becomes a LearnerFault. Nothing of the learner's is touched
 * outside of such a call: a getter, a proxy or a `valueOf` is learner code, too.
 */
export function called<T>(guard: Guard, call: string, moment: () => Moment, code: () => T): T {
  guard.enter();
  try {
    const answer = code();
    if (guard.hit === undefined) return answer;
  } catch (error) {
    throw new LearnerFault(LearnerFault.in(error) ?? noAnswer(error, guard, call, moment()));
  } finally {
    guard.leave();
  }
  throw new LearnerFault(faultOf(undefined, guard.hit, call, moment()));
}

/** What was thrown, as data. The error may be the learner's own object, so it is read with care. */
export function faultOf(error: unknown, hit: Hit | undefined, call: string, moment: Moment = NOWHERE): Fault {
  if (hit !== undefined) {
    const { limit, allowed, ...place } = hit;
    return { kind: KIND[limit], call, message: '', ...place, limit: allowed, ...moment };
  }
  const message = text(error);
  return { kind: kindOf(message), call, message, ...placeIn(error), loop: false, ...moment };
}

const KIND = { stepsPerDecision: 'steps', stepsPerTest: 'all-steps', cells: 'memory', entries: 'entries' } as const;

/** Chromium's words, Firefox's, and those of QuickJS. */
function kindOf(message: string): Fault['kind'] {
  if (/call stack|stack overflow|too much recursion/i.test(message)) return 'recursion';
  const memory =
    /invalid (array|string) length|invalid count|out of memory|allocation|string length|string too long|repeat count/i;
  return memory.test(message) ? 'memory' : 'threw';
}

/** What is wrong with an answer, or else with what was thrown. */
function noAnswer(error: unknown, guard: Guard, call: string, moment: Moment): Fault {
  const found = guard.hit === undefined ? NoAnswer.in(error) : undefined;
  if (found === undefined) return faultOf(error, guard.hit, call, moment);
  const at = { call, line: guard.line, column: 0, loop: false, ...moment };
  return found.isPromise ? { ...at, kind: 'promise', message: '' } : { ...at, kind: 'answer', message: found.message };
}

export function notAPolicy(message: string): Fault {
  return { kind: 'not-a-policy', call: 'your default export', message, line: 0, column: 0, loop: false, ...NOWHERE };
}

function text(error: unknown): string {
  try {
    if (typeof error === 'string') return `${error.slice(0, LONGEST - THROWN_TEXT.length)}${THROWN_TEXT}`;
    const found: unknown = (error as { message?: unknown } | null | undefined)?.message;
    if (typeof found === 'string' && found !== '') return found.slice(0, LONGEST);
  } catch {
    // Then it stays unknown.
  }
  return `${describe(error)} was thrown`;
}

const LONGEST = 500;
const THROWN_TEXT = '. A text was thrown: with throw new Error(…) its line would stand here';
