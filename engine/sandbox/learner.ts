import { slotOf } from '../core/backend.ts';
import { PolicyContext } from '../balancer/context.ts';
import type { Context, Policies } from '../core/policy.ts';
import { RequestView } from '../core/request.ts';
import type { AnyMember, AnyPolicy, PolicyKind, PolicyOf } from '../grade/policy-kinds.ts';
import { KINDS, membersOf, withCalls } from '../grade/policy-kinds.ts';
import type { Fault } from '../grade/fault.ts';
import { optionsFor } from '../grade/kata-options.ts';
import { mapPolicies } from '../grade/map-policies.ts';
import type { Scenario } from '../world/scenario.ts';
import { NoAnswer, READINGS } from './answers.ts';
import type { Surroundings } from './answers.ts';
import { describe } from './describe.ts';
import { LimitError } from './guard.ts';
import type { Guard } from './guard.ts';

/** Thrown through the simulation when learner code cannot go on. */
export class LearnerFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** What a run wants to know of each call of learner code that decides. */
export interface Observer {
  /** Before the call. */
  deciding(): void;
  /** After it: the line that returned, 0 if unknown. */
  decided(line: number): void;
}

/** The scenario's policies with those of `kind` replaced by what the learner's factory makes, one for each place in which one stands. */
export function withLearner(
  own: Policies,
  kind: PolicyKind,
  scenario: Scenario,
  factory: unknown,
  guard: Guard,
  observer: Observer,
): Policies {
  if (typeof factory !== 'function') {
    throw new LearnerFault(notAPolicy(`The default export must be a function, found ${describe(factory)}`));
  }
  const poolIds = scenario.pools.map(({ id }) => id);
  return mapPolicies(own, (found, policy, place) => {
    if (found !== kind || place.isAdded) return policy;
    const options = structured(optionsFor(kind, scenario, place));
    const made = called(guard, 'your default export', NOWHERE, () =>
      (factory as (options: unknown) => unknown)(options),
    );
    return guarded(found, expectPolicy(found, made), { place, poolIds }, guard, observer);
  });
}

/** `made`, if it is a policy of this kind as far as can be seen; what its calls answer is read at each of them. */
function expectPolicy<K extends PolicyKind>(kind: K, made: unknown): PolicyOf[K] {
  const found = typeof made === 'object' && made !== null ? (made as AnyPolicy) : {};
  for (const name of KINDS[kind].requires) {
    if (typeof found[name] === 'function') continue;
    throw new LearnerFault(
      notAPolicy(`The default export must answer an object with a function ${name}, found ${describe(made)}`),
    );
  }
  for (const [name, member] of membersOf(kind)) {
    const value = found[name];
    if (value === undefined || isRight(member, value)) continue;
    throw new LearnerFault(
      notAPolicy(`${name} of what the default export answers must be ${expectedOf(member)}, found ${describe(value)}`),
    );
  }
  return made as PolicyOf[K];
}

function isRight(member: AnyMember, value: unknown): boolean {
  if (member === 'flag') return value === true;
  if (member === 'number') return Number.isSafeInteger(value) && (value as number) > 0;
  return typeof value === 'function';
}

function expectedOf(member: AnyMember): string {
  if (member === 'flag') return 'true, or absent';
  return member === 'number' ? 'a whole number above 0, or absent' : 'a function, or absent';
}

/** Learner code within its budgets, with lists and facts of its own at each call, and with answers that are read before anybody uses them. */
function guarded<K extends PolicyKind>(
  kind: K,
  policy: PolicyOf[K],
  around: Surroundings,
  guard: Guard,
  observer: Observer,
): PolicyOf[K] {
  const view = contextView();
  const own = (given: unknown): unknown => (given instanceof PolicyContext ? view(given) : ownCopy(given));
  let nowUs = 0;

  const momentOf = (args: readonly unknown[]): Moment => {
    let request = 0;
    for (const given of args) {
      if (given instanceof RequestView) request = given.id;
      else if (given instanceof PolicyContext) nowUs = given.nowUs;
    }
    return { atUs: nowUs, request };
  };

  return withCalls(kind, policy, (name, call, member) => {
    if (typeof member === 'string') {
      return (...args) => void called(guard, name, momentOf(args), () => call(...args.map(own)));
    }
    const read = READINGS[kind][name]!;
    return (...args) => {
      observer.deciding();
      const answer = called(guard, name, momentOf(args), () => read(call(...args.map(own)), args, around));
      observer.decided(guard.line);
      return answer;
    };
  });
}

/** Lists are the learner's to sort; facts are copies, so that nobody else reads what learner code makes of them. Views cannot be written to. */
function ownCopy(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  if (Array.isArray(given)) return given.slice();
  if (slotOf(given) !== -1 || given instanceof RequestView) return given;
  const copy: Record<string, unknown> = { ...given };
  for (const key in copy) if (typeof copy[key] === 'object') copy[key] = ownCopy(copy[key]);
  return Object.freeze(copy);
}

/** When a call was made, and about which request; 0: about none. */
interface Moment {
  readonly atUs: number;
  readonly request: number;
}

const NOWHERE: Moment = { atUs: 0, request: 0 };

/** Runs learner code; whatever it throws becomes a LearnerFault. */
function called<T>(guard: Guard, call: string, moment: Moment, code: () => T): T {
  guard.enter();
  try {
    return code();
  } catch (error) {
    throw new LearnerFault(
      error instanceof NoAnswer ? badAnswer(error, call, guard.line, moment) : faultOf(error, call, moment),
    );
  } finally {
    guard.leave();
  }
}

/** What was thrown, as data. The error may be the learner's own object, so it is read with care. */
export function faultOf(error: unknown, call: string, moment: Moment = NOWHERE): Fault {
  const { line, column } = place(error);
  const at = { call, line, column, loop: false, atUs: moment.atUs, request: moment.request };
  if (error instanceof LimitError) {
    if (error.limit === 'steps')
      return { ...at, kind: 'steps', message: '', line: error.line, column: 0, loop: error.loop, limit: error.allowed };
    return {
      ...at,
      kind: 'memory',
      limit: error.allowed,
      message: `The run made more than ${error.allowed / 1_000_000} million list elements and characters`,
    };
  }
  const message = text(error);
  if (/call stack|too much recursion/i.test(message)) return { ...at, kind: 'recursion', message };
  if (/invalid (array|string) length|invalid count|out of memory|allocation|string length/i.test(message)) {
    return { ...at, kind: 'memory', message };
  }
  return { ...at, kind: 'threw', message };
}

function badAnswer({ answer, message }: NoAnswer, call: string, line: number, moment: Moment): Fault {
  const at = { call, line, column: 0, loop: false, ...moment };
  return isPromise(answer) ? { ...at, kind: 'promise', message: '' } : { ...at, kind: 'answer', message };
}

function notAPolicy(message: string): Fault {
  return { kind: 'not-a-policy', call: 'your default export', message, line: 0, column: 0, loop: false, ...NOWHERE };
}

/** The first place in the learner's file that an error's stack names. */
function place(error: unknown): { line: number; column: number } {
  let stack = '';
  try {
    const found: unknown = (error as { stack?: unknown } | null | undefined)?.stack;
    if (typeof found === 'string') stack = found;
  } catch {
    // A stack that throws when read tells nothing.
  }
  const match = /learner\.ts:(\d+):(\d+)/.exec(stack);
  return { line: Number(match?.[1] ?? 0), column: Number(match?.[2] ?? 0) };
}

function text(error: unknown): string {
  try {
    if (typeof error === 'string') return error.slice(0, LONGEST);
    const found: unknown = (error as { message?: unknown } | null | undefined)?.message;
    if (typeof found === 'string' && found !== '') return found.slice(0, LONGEST);
  } catch {
    // Then it stays unknown.
  }
  return `${describe(error)} was thrown`;
}

const LONGEST = 500;

function isPromise(value: unknown): boolean {
  return value instanceof Promise;
}

/** The engine's context as the learner gets it: nothing but what the contract names, and nothing that can be changed. */
function contextView(): (ctx: Context) => Context {
  let now: Context;
  const view: Context = Object.freeze({
    get nowUs() {
      return now.nowUs;
    },
    rng: Object.freeze({ float: () => now.rng.float(), int: (bound: number) => now.rng.int(bound) }),
  });
  return (ctx) => {
    now = ctx;
    return view;
  };
}

/** A copy that is the learner's to change. Options come from a scenario, so they are JSON. */
function structured(options: unknown): unknown {
  return options === undefined ? {} : JSON.parse(JSON.stringify(options));
}
