import { BackendView } from '../core/backend.ts';
import { exp, ln } from '../core/maths.ts';
import { RequestView } from '../core/request.ts';
import { GUARD } from '../grade/instrumented.ts';
import { lengthOf } from './guard.ts';
import type { Guard } from './guard.ts';

/**
 * Takes away from the worker's realm everything that is not the language itself, and freezes what stays. The browser's own walls (opaque
 * origin, content security policy) keep learner code from the network and from storage without this; the lock-down keeps it from time, chance and
 * the engine's workings, so that a run is repeatable and mistakes meet a clear error. Nothing here is trusted by the Judge.
 *
 * The order matters: delete, replace, mend, freeze, close.
 */
export function lockDown(guard: Guard, write: (...values: readonly unknown[]) => void): void {
  const realm = globalThis as unknown as Record<PropertyKey, unknown>;
  deleteAllBut(LANGUAGE, realm);
  deleteStatics(realm);
  replaceMaths();
  replaceLocales();
  guardAllocations(realm, guard.charge);
  define(realm, 'console', Object.freeze({ log: write }));
  for (const [call, name] of Object.entries(GUARD)) define(realm, name, Reflect.get(guard, call));
  disableFunctionConstructors();
  mendOverrides();
  freezeAll(realm);
  // What one test would leave in a global, the next would find.
  Object.preventExtensions(realm);
}

/** The language's own globals that stay. Time, background work, raw memory and the making of code are not among them. */
const LANGUAGE = new Set<PropertyKey>(
  (
    'globalThis undefined NaN Infinity isNaN isFinite parseInt parseFloat encodeURI encodeURIComponent decodeURI decodeURIComponent ' +
    'Object Array Map Set WeakMap WeakSet Number BigInt String Boolean Symbol Math JSON RegExp Proxy Reflect Iterator ' +
    'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError'
  ).split(' '),
);

function deleteAllBut(kept: ReadonlySet<PropertyKey>, realm: object): void {
  for (let holder: object | null = realm; holder !== null && holder !== Object.prototype;) {
    for (const key of Reflect.ownKeys(holder)) {
      if (kept.has(key)) continue;
      // A few of Chromium's are permanent: constants, and harmless.
      Reflect.deleteProperty(holder, key);
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
}

/** What reads a stack by its frames. `stackTraceLimit` must stay, or errors have no lines. */
function deleteStatics(realm: Record<PropertyKey, unknown>): void {
  for (const key of ['captureStackTrace', 'prepareStackTrace']) Reflect.deleteProperty(Error, key);
  replaceRegExp(realm);
}

/** RegExp remembers the last match of anybody, engine and tests before included, and Firefox does not let that be deleted: another constructor stands in. */
function replaceRegExp(realm: Record<PropertyKey, unknown>): void {
  const Native = RegExp;
  function Forgetful(this: unknown, ...given: unknown[]): unknown {
    const made = new.target as unknown as (new (...given: unknown[]) => unknown) | undefined;
    return Reflect.construct(Native, given, made ?? Forgetful);
  }
  Forgetful.prototype = Native.prototype;
  define(Forgetful, 'name', 'RegExp');
  const escape: unknown = Reflect.get(Native, 'escape');
  if (escape !== undefined) define(Forgetful, 'escape', escape);
  define(Native.prototype, 'constructor', Forgetful);
  realm['RegExp'] = Forgetful;
}

/** Chance has one source, and logarithms the same bits everywhere. What else differs in the last bit from browser to browser is switched off. */
function replaceMaths(): void {
  for (const name of INEXACT) {
    define(Math, name, () => {
      throw new Error(`Math.${name}() is switched off: its last digit differs from browser to browser.`);
    });
  }
  define(Math, 'random', () => {
    throw new Error('Math.random() is switched off: draw from ctx.rng, so that the same seed gives the same run.');
  });
  define(Math, 'log', ln);
  define(Math, 'exp', exp);
}

const INEXACT = 'sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh cbrt expm1 log1p'.split(' ');

/** The language and the customs of whoever sits before the screen are no business of a policy. */
function replaceLocales(): void {
  const local = [
    [String.prototype, 'localeCompare', 'Compare with < and >.'],
    [String.prototype, 'toLocaleLowerCase', 'Use toLowerCase().'],
    [String.prototype, 'toLocaleUpperCase', 'Use toUpperCase().'],
    [Number.prototype, 'toLocaleString', 'Use String() or toFixed().'],
    [BigInt.prototype, 'toLocaleString', 'Use String().'],
  ] as const;
  for (const [owner, name, instead] of local) {
    define(owner, name, () => {
      throw new Error(`${name}() is switched off: it differs from machine to machine. ${instead}`);
    });
  }
}

/**
 * Built-in functions that make many elements or characters at one stroke tell the guard first. Everything else that allocates needs steps,
 * and those are counted. `Array.prototype.constructor` stays: engines lose their fast path for arrays without it.
 */
function guardAllocations(realm: Record<PropertyKey, unknown>, charge: (cells: number) => void): void {
  const Native = Array;
  function GuardedArray(this: unknown, ...items: unknown[]): unknown {
    if (items.length === 1 && typeof items[0] === 'number') charge(items[0]);
    // As a constructor, also that of a class which extends it; or called as a function.
    const made = new.target as unknown as (new (...items: unknown[]) => unknown) | undefined;
    return Reflect.construct(Native, items, made ?? Native);
  }
  GuardedArray.prototype = Native.prototype;
  for (const name of ['isArray', 'of']) define(GuardedArray, name, Reflect.get(Native, name));
  define(GuardedArray, 'from', (source: ArrayLike<unknown>, ...rest: []) => {
    charge(lengthOf(source));
    return Native.from(source, ...rest);
  });
  realm['Array'] = GuardedArray;

  before(Array.prototype, 'fill', (self) => charge(lengthOf(self)));
  before(Array.prototype, 'concat', (self, lists) => {
    charge(lists.reduce((sum: number, list) => sum + lengthOf(list), lengthOf(self)));
  });
  before(Array.prototype, 'join', (self) => charge(lengthOf(self)));
  before(String.prototype, 'split', (self) => charge(lengthOf(self)));
  sized('repeat', (self, times) => charge(lengthOf(self) * times));
  sized('padStart', (_self, length) => charge(length));
  sized('padEnd', (_self, length) => charge(length));

  /** The number is read once: an object could answer another one the second time. */
  function sized(name: 'repeat' | 'padStart' | 'padEnd', first: (self: unknown, size: number) => void): void {
    const method = Reflect.get(String.prototype, name) as (size: number, ...rest: unknown[]) => unknown;
    define(String.prototype, name, function (this: unknown, given: unknown, ...rest: unknown[]) {
      const size = Number(given);
      first(this, size);
      return Reflect.apply(method, this, [size, ...rest]);
    });
  }
}

/** Puts a call in front of a method. */
function before(owner: object, name: string, first: (self: unknown, given: readonly unknown[]) => void): void {
  const method = Reflect.get(owner, name) as (...given: unknown[]) => unknown;
  define(owner, name, function (this: unknown, ...given: unknown[]) {
    first(this, given);
    return Reflect.apply(method, this, given);
  });
}

/** `(() => {}).constructor('…')` would make code. The content security policy forbids it too; this says why. */
function disableFunctionConstructors(): void {
  for (const made of makers()) {
    define(Object.getPrototypeOf(made) as object, 'constructor', () => {
      throw new Error('Making code from text is switched off here.');
    });
  }
}

/** One function of each kind that syntax makes. */
function makers(): readonly object[] {
  return [function () {}, async function () {}, function* () {}, async function* () {}];
}

/**
 * On a frozen prototype, assigning a property of the same name to an object made from it throws. These names are assigned in ordinary code, so they
 * become accessors that define the property on the object itself.
 */
function mendOverrides(): void {
  for (const name of ['toString', 'valueOf', 'toLocaleString', 'hasOwnProperty']) mend(Object.prototype, name);
  mend(Function.prototype, 'toString');
  for (const Kind of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    for (const name of ['name', 'message', 'toString']) mend(Kind.prototype, name);
  }
}

function mend(owner: object, name: string): void {
  const found = Object.getOwnPropertyDescriptor(owner, name);
  if (found === undefined || !('value' in found)) return;
  const value: unknown = found.value;
  Object.defineProperty(owner, name, {
    get: () => value,
    set(this: object, replaced: unknown) {
      if (this === owner) throw new TypeError(`${name} of the language cannot be changed.`);
      Object.defineProperty(this, name, { value: replaced, writable: true, enumerable: true, configurable: true });
    },
    enumerable: false,
    configurable: false,
  });
}

/** Freezes all objects that learner code can reach, through globals or through syntax alone. */
function freezeAll(realm: object): void {
  const pending: unknown[] = [
    ...makers(),
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map().entries(),
    new Set().entries(),
  ];
  pending.push('a'.matchAll(/a/g), (function* () {})(), (async function* () {})(), BackendView.prototype);
  pending.push(...iteratorHelpers(), RequestView.prototype);
  pending.push((async () => {})());
  const done = new Set<unknown>([realm]);
  for (const key of Reflect.ownKeys(realm)) {
    pending.push(Reflect.get(realm, key));
    if (Object.getOwnPropertyDescriptor(realm, key)?.configurable) {
      Object.defineProperty(realm, key, { writable: false, configurable: false });
    }
  }
  while (pending.length > 0) {
    const object = pending.pop();
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null || done.has(object)) continue;
    done.add(object);
    pending.push(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const held: object = Object.getOwnPropertyDescriptor(object, key)!;
      for (const part of ['value', 'get', 'set']) pending.push(Reflect.get(held, part));
    }
    Object.freeze(object);
  }
}

/** The prototypes behind `iterator.map(…)` and `Iterator.from(…)`, where the browser has these. */
function iteratorHelpers(): readonly object[] {
  const values: unknown = [].values();
  const helper = (values as { map?: (mapping: unknown) => object }).map?.(String);
  const from: unknown = Reflect.get(globalThis, 'Iterator');
  const wrapped = (from as { from?: (iterator: unknown) => object } | undefined)?.from?.({
    next: () => ({ done: true }),
  });
  return [helper, wrapped].filter((found) => found !== undefined);
}

/**
 * A property that is there and can be written is written: in V8, defining it anew makes a dictionary of its object, and every call of any of that
 * object's methods is slow from then on.
 */
function define(owner: object, name: PropertyKey, value: unknown): void {
  if (Object.getOwnPropertyDescriptor(owner, name)?.writable && Reflect.set(owner, name, value)) return;
  Object.defineProperty(owner, name, { value, writable: false, enumerable: false, configurable: true });
}
