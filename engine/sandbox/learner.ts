import { slotOf } from '../core/backend.ts';
import { PolicyContext } from '../balancer/context.ts';
import type { Policies } from '../core/policies.ts';
import type { Context } from '../core/policy.ts';
import { RequestView } from '../core/request.ts';
import type { AnyMember, AnyPolicy, PolicyKind, PolicyOf } from '../grade/policy-kinds.ts';
import { KINDS, membersOf, withCalls } from '../grade/policy-kinds.ts';
import { optionsFor } from '../grade/kata-options.ts';
import { mapPolicies } from '../grade/map-policies.ts';
import type { Scenario } from '../world/scenario.ts';
import { READINGS } from './answers.ts';
import type { Surroundings } from './answers.ts';
import { describe } from './describe.ts';
import type { Guard } from './guard.ts';
import { called, LearnerFault, notAPolicy, NOWHERE } from './learner-fault.ts';
import type { Moment } from './learner-fault.ts';

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
    const made = called(
      guard,
      'your default export',
      () => NOWHERE,
      () => expectPolicy(found, (factory as (options: unknown) => unknown)(options)),
    );
    return guarded(found, made, { place, poolIds }, guard, observer);
  });
}

/** The scenario's own policies, with those of `kind` treated as a learner's. */
export function withReference(own: Policies, kind: PolicyKind, scenario: Scenario, guard: Guard): Policies {
  const poolIds = scenario.pools.map(({ id }) => id);
  return mapPolicies(own, (found, policy, place) =>
    found !== kind || place.isAdded ? policy : guarded(found, policy, { place, poolIds }, guard, NOBODY),
  );
}

const NOBODY: Observer = { deciding: () => undefined, decided: () => undefined };

/**
 * The members of what the factory made, read once, if it is a policy of this kind as far as can be seen: whatever a getter or a proxy answers later,
 * these are called. What they answer is read at each call.
 */
function expectPolicy<K extends PolicyKind>(kind: K, made: unknown): PolicyOf[K] {
  const isObject = typeof made === 'object' && made !== null;
  const found = isObject ? (made as AnyPolicy) : {};
  const policy: Record<string, unknown> = {};
  for (const [name, member] of membersOf(kind)) {
    const value: unknown = found[name];
    if (value === undefined) continue;
    if (!isRight(member, value) && !(KINDS[kind].requires.includes(name) && typeof value !== 'function')) {
      throw new LearnerFault(
        notAPolicy(
          `${name} of what the default export answers must be ${expectedOf(member)}, found ${describe(value)}`,
        ),
      );
    }
    policy[name] = typeof value === 'function' ? bind(value, made) : value;
  }
  for (const name of KINDS[kind].requires) {
    if (typeof policy[name] === 'function') continue;
    throw new LearnerFault(
      notAPolicy(
        `The default export must answer an object with a function ${name}, found ${describe(made)}${isObject ? ' without it' : ''}`,
      ),
    );
  }
  return policy as unknown as PolicyOf[K];
}

/** As a method of `self`, by the language's own `bind`: also of a function that has another. */
function bind(found: unknown, self: unknown): unknown {
  const method: unknown = Reflect.get(Function.prototype, 'bind');
  return Reflect.apply(method as () => void, found, [self]);
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
  const { view, nowUs } = contextView();
  const own = (args: readonly unknown[]): unknown[] => {
    const made: unknown[] = [];
    for (const given of args) made.push(given instanceof PolicyContext ? view(given) : ownCopy(given));
    return made;
  };
  const momentOf = (args: readonly unknown[]): Moment => {
    const request = args.find((given) => given instanceof RequestView);
    return { atUs: nowUs(), request: request?.id ?? 0 };
  };

  return withCalls(kind, policy, (name, call, member) => {
    if (typeof member === 'string') {
      return (...args) =>
        void called(
          guard,
          name,
          () => momentOf(args),
          () => call(...own(args)),
        );
    }
    const read = READINGS[kind][name]!;
    return (...args) => {
      observer.deciding();
      const answer = called(
        guard,
        name,
        () => momentOf(args),
        () => read(call(...own(args)), args, around),
      );
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

/**
 * The engine's context as the learner gets it: nothing but what the contract names, and nothing that can be changed. `nowUs`: the time of the last one
 * that was given, 0 before the first.
 */
function contextView(): { readonly view: (ctx: Context) => Context; readonly nowUs: () => number } {
  let now: Context | undefined;
  const view: Context = Object.freeze({
    get nowUs() {
      return now!.nowUs;
    },
    rng: Object.freeze({ float: () => now!.rng.float(), int: (bound: number) => now!.rng.int(bound) }),
  });
  return {
    view(ctx) {
      now = ctx;
      return view;
    },
    nowUs: () => now?.nowUs ?? 0,
  };
}

/** A copy that is the learner's to change. Options come from a scenario, so they are JSON. */
function structured(options: unknown): unknown {
  return options === undefined ? {} : JSON.parse(JSON.stringify(options));
}
