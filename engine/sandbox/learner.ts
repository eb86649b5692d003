import { slotOf } from '../core/backend.ts';
import type { Backend, Context, Health, HealthPolicy, Picker, Policies, PoolPolicies } from '../core/policy.ts';
import type { Fault } from '../grade/fault.ts';
import { mapPools } from '../grade/tape.ts';
import type { PolicyKind } from '../grade/kata.ts';
import type { Scenario } from '../world/scenario.ts';
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

/** The scenario's policies with those of `kind` replaced by what the learner's factory makes, one for each pool. */
export function withLearner(
  own: Policies,
  kind: PolicyKind,
  scenario: Scenario,
  factory: unknown,
  guard: Guard,
  observer: Observer,
): Policies {
  const make = (pool: string): unknown => {
    const spec = scenario.pools.find(({ id }) => id === pool);
    const options = kind === 'picker' ? spec?.picker.options : spec?.health?.policy.options;
    return called(guard, 'your default export', NOWHERE, () =>
      (factory as (options: unknown) => unknown)(structured(options)),
    );
  };
  if (typeof factory !== 'function') {
    throw new LearnerFault(notAPolicy(`The default export must be a function, found ${describe(factory)}`));
  }
  return mapPools(own, (pool, id): PoolPolicies => {
    if (kind === 'picker') {
      const makePicker = () => guardedPicker(expectPolicy(make(id), 'pick'), guard, observer);
      return { ...pool, picker: makePicker(), ...(pool.makePicker && { makePicker }) };
    }
    if (pool.health === undefined) return pool;
    return { ...pool, health: guardedHealth(expectPolicy(make(id), 'observe'), guard, observer) };
  });
}

/** `made`, if it has a function of this name; what that answers is checked at each call. */
function expectPolicy<Call extends string>(made: unknown, call: Call): Record<Call, never> {
  const found = typeof made === 'object' && made !== null ? (made as Record<string, unknown>)[call] : undefined;
  if (typeof found === 'function') return made as Record<Call, never>;
  throw new LearnerFault(
    notAPolicy(`The default export must answer an object with a function ${call}, found ${describe(made)}`),
  );
}

function guardedPicker(picker: Picker, guard: Guard, observer: Observer): Picker {
  const view = contextView();
  return {
    pick(backends, request, ctx) {
      const moment = { atUs: ctx.nowUs, request: request.id };
      observer.deciding();
      // A fresh array each time: it is the learner's to sort.
      const answer: unknown = called(guard, 'pick', moment, () => picker.pick(backends.slice(), request, view(ctx)));
      observer.decided(guard.line);
      if (answer === undefined || backends.includes(answer as Backend)) return answer as Backend | undefined;
      throw new LearnerFault(badAnswer('pick', guard.line, moment, answer, backends));
    },
    ...(picker.onPoolChange && {
      onPoolChange(backends, ctx) {
        const moment = { atUs: ctx.nowUs, request: 0 };
        called(guard, 'onPoolChange', moment, () => picker.onPoolChange?.(backends.slice(), view(ctx)));
      },
    }),
    ...(picker.onRequestStart && {
      onRequestStart(backend, request, ctx) {
        const moment = { atUs: ctx.nowUs, request: request.id };
        called(guard, 'onRequestStart', moment, () => picker.onRequestStart?.(backend, request, view(ctx)));
      },
    }),
    ...(picker.onRequestEnd && {
      onRequestEnd(backend, request, outcome, ctx) {
        const moment = { atUs: ctx.nowUs, request: request.id };
        called(guard, 'onRequestEnd', moment, () => picker.onRequestEnd?.(backend, request, outcome, view(ctx)));
      },
    }),
  };
}

function guardedHealth(policy: HealthPolicy, guard: Guard, observer: Observer): HealthPolicy {
  const view = contextView();
  return {
    observe(backend, signal, ctx) {
      const moment = { atUs: ctx.nowUs, request: 0 };
      observer.deciding();
      const answer: unknown = called(guard, 'observe', moment, () => policy.observe(backend, signal, view(ctx)));
      observer.decided(guard.line);
      if (answer === undefined || answer === 'healthy' || answer === 'unhealthy') return answer;
      throw new LearnerFault(badAnswer('observe', guard.line, moment, answer, []));
    },
    ...(policy.sweep && {
      sweep(backends, ctx) {
        const moment = { atUs: ctx.nowUs, request: 0 };
        return called(guard, 'sweep', moment, () => {
          const answers = policy.sweep?.(backends.slice(), view(ctx));
          if (answers === undefined) return undefined;
          const own = new Map<Backend, Health>();
          for (const backend of backends) {
            const answer = answers.get(backend);
            if (answer === 'healthy' || answer === 'unhealthy') own.set(backend, answer);
          }
          return own;
        });
      },
    }),
  };
}

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
    throw new LearnerFault(faultOf(error, call, moment));
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

function badAnswer(
  call: string,
  line: number,
  { atUs, request }: Moment,
  answer: unknown,
  backends: readonly Backend[],
): Fault {
  const at = { call, line, column: 0, loop: false, atUs, request };
  if (isPromise(answer)) return { ...at, kind: 'promise', message: '' };
  if (call === 'observe') {
    return {
      ...at,
      kind: 'answer',
      message: `${describe(answer)} was returned, expected 'healthy', 'unhealthy' or undefined`,
    };
  }
  const ids = backends.map((backend) => backend.id).join(', ');
  const what =
    slotOf(answer) !== -1
      ? `${(answer as Backend).id} was returned, which is not eligible`
      : `${describe(answer)} was returned, which is no backend`;
  return { ...at, kind: 'answer', message: `${what}: expected one of ${ids}, or undefined to decline` };
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

/** A value in a few words, without running any of its code. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}

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
