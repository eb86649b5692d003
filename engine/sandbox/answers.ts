/**
 * Reads what learner code answers, call by call: the right type, in range, built anew where it is more than a number or a text. What is no possible
 * answer is said in words for a beginner: what came, and what was expected.
 */
import { slotOf } from '../core/backend.ts';
import type {
  AgentOrders,
  Backend,
  BreakerState,
  Elector,
  Forward,
  Health,
  Reply,
  Resolver,
  Site,
  Wait,
} from '../core/policy.ts';
import { isForward, isOrders, isRecord, isReply, isResolution } from '../grade/answer-shapes.ts';
import type { Place } from '../grade/map-policies.ts';
import type { PolicyKind } from '../grade/policy-kinds.ts';
import { describe } from './describe.ts';

/** What came is no answer. `problem` continues a sentence that begins with it: "the number 3 was returned, …". */
export class NoAnswer extends Error {
  readonly #isPromise: boolean;
  constructor(answer: unknown, problem: string) {
    super(`${slotOf(answer) === -1 ? describe(answer) : (answer as Backend).id} was returned, ${problem}`);
    this.#isPromise = answer instanceof Promise;
  }

  /** What is wrong, if `thrown` is one of ours. Nothing of it is run to find out, as `instanceof` would with a proxy. */
  static in(thrown: unknown): { readonly message: string; readonly isPromise: boolean } | undefined {
    if (typeof thrown !== 'object' || thrown === null || !(#isPromise in thrown)) return undefined;
    return { message: thrown.message, isPromise: thrown.#isPromise };
  }
}

/** Where a policy stands, for what only its surroundings decide. */
export interface Surroundings {
  readonly place: Place;
  readonly poolIds: readonly string[];
}

/** The answer, or a NoAnswer is thrown. */
type Reading = (answer: unknown, args: readonly unknown[], around: Surroundings) => unknown;

/** For each call that decides. A hook's answer means nothing. */
export const READINGS: { readonly [K in PolicyKind]: Readonly<Record<string, Reading>> } = {
  picker: { pick: (answer, [backends]) => oneOf(answer, backends as readonly Backend[], 'to decline') },
  health: judging(),
  outlier: judging(),
  agent: { observe: orders },
  retry: {
    onFailure: (answer) => waitOrNone(answer, 'to give up'),
    staysPut: yesOrNo,
  },
  hedge: { delayUs: (answer) => waitOrNone(answer, 'to send no more') },
  admission: { admit },
  breaker: { state },
  router: { route },
  affinity: {
    find: (answer, [backends]) => oneOf(answer, backends as readonly Backend[], 'to leave it to the picker'),
    remember: cookie,
  },
  elector: { next: election },
  flows: {
    lookup: (answer, [, , backends]) => oneOf(answer, backends as readonly Backend[], 'to drop the packet'),
  },
  resolver: { resolve: resolution },
};

function judging(): Readonly<Record<string, Reading>> {
  return { observe: health, onRequestStart: health, suspects: yesOrNo, sweep };
}

function oneOf(answer: unknown, backends: readonly Backend[], undefinedIs: string): Backend | undefined {
  if (answer === undefined || backends.includes(answer as Backend)) return answer as Backend | undefined;
  const ids = backends.map((backend) => backend.id);
  throw new NoAnswer(answer, `which is ${whatInstead(answer, ids)}, or undefined ${undefinedIs}`);
}

/** Beginners answer the name of a backend or its place: then the list of names would only puzzle them. */
function whatInstead(answer: unknown, ids: readonly string[]): string {
  if (ids.includes(answer as string)) {
    return 'the id of a backend and not the backend: expected the element of the list that has this id';
  }
  if (typeof answer === 'number' && Object.hasOwn(ids, answer)) {
    return `a place in the list and no backend: expected the element there, as in backends[${answer}]`;
  }
  return `${slotOf(answer) === -1 ? 'no backend' : 'not eligible'}: expected one of ${ids.join(', ')}`;
}

function health(answer: unknown): Health | undefined {
  if (answer === undefined || answer === 'healthy' || answer === 'unhealthy') return answer;
  throw new NoAnswer(answer, `expected 'healthy', 'unhealthy' or undefined`);
}

function sweep(answer: unknown, [backends]: readonly unknown[]): ReadonlyMap<Backend, Health> | undefined {
  if (answer === undefined) return undefined;
  if (!(answer instanceof Map)) {
    throw new NoAnswer(answer, `expected a Map from backends to 'healthy' or 'unhealthy', or undefined`);
  }
  const own = new Map<Backend, Health>();
  for (const [key, value] of answer as Map<unknown, unknown>) {
    if (slotOf(key) === -1)
      throw new NoAnswer(answer, `with ${describe(key)} as a key: use the backend itself as the key`);
    if (value !== 'healthy' && value !== 'unhealthy') {
      throw new NoAnswer(
        answer,
        `with ${describe(value)} for ${(key as Backend).id}: expected 'healthy' or 'unhealthy'`,
      );
    }
    if ((backends as readonly unknown[]).includes(key)) own.set(key as Backend, value);
  }
  return own;
}

function yesOrNo(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  throw new NoAnswer(answer, 'expected true or false');
}

function isWait(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const WHOLE = 'a whole number of microseconds, 0 or more';

function waitOrNone(answer: unknown, undefinedIs: string): number | undefined {
  if (answer === undefined || isWait(answer)) return answer;
  throw new NoAnswer(answer, `expected ${WHOLE}, or undefined ${undefinedIs}`);
}

function admit(answer: unknown, _args: readonly unknown[], { place }: Surroundings): number | Wait | undefined {
  if (answer === undefined || isWait(answer)) return answer;
  if (answer === Infinity) return answer;
  if (isRecord(answer) && 'waitUs' in answer) {
    const { waitUs } = answer;
    if (!isWait(waitUs)) throw new NoAnswer(answer, `with ${describe(waitUs)} as its waitUs: expected ${WHOLE}`);
    if (place.isBehindPick) throw new NoAnswer(answer, 'and after the pick no request can wait: admit or refuse');
    return { waitUs };
  }
  throw new NoAnswer(
    answer,
    `expected undefined to admit, ${WHOLE}, to refuse until then, or { waitUs: … } to admit later`,
  );
}

function state(answer: unknown): BreakerState {
  if (answer === 'closed' || answer === 'open' || answer === 'half-open') return answer;
  throw new NoAnswer(answer, `expected 'closed', 'open' or 'half-open'`);
}

function route(
  answer: unknown,
  _args: readonly unknown[],
  { poolIds }: Surroundings,
): string | Forward | Reply | undefined {
  if (answer === undefined) return undefined;
  if (isForward(answer)) {
    const { pool, host, path, headers, route: name } = answer;
    knownPool(answer, pool, poolIds);
    return plain<Forward>({ pool, host, path, headers: headers && { ...headers }, route: name });
  }
  if (isReply(answer)) {
    const { status, headers, body } = answer;
    return plain<Reply>({ status, headers: headers && { ...headers }, body });
  }
  knownPool(answer, answer, poolIds);
  return answer as string;
}

function knownPool(answer: unknown, pool: unknown, poolIds: readonly string[]): void {
  if (poolIds.includes(pool as string)) return;
  const what = pool === answer ? 'which is no pool' : `whose pool is ${describe(pool)}`;
  throw new NoAnswer(
    answer,
    `${what}: expected one of ${poolIds.map((id) => `"${id}"`).join(', ')}, or undefined where no route matches`,
  );
}

/** Browsers keep no larger one (RFC 6265, section 6.1). */
const LONGEST_COOKIE = 4096;

function cookie(answer: unknown): string | undefined {
  if (answer === undefined) return undefined;
  if (typeof answer !== 'string' || !/^[^=;\s]+=/.test(answer)) {
    throw new NoAnswer(answer, 'expected a cookie such as "name=value", or undefined to set none');
  }
  if (answer.length <= LONGEST_COOKIE) return answer;
  throw new NoAnswer(answer, `of ${answer.length} characters: a cookie has at most ${LONGEST_COOKIE}`);
}

function orders(answer: unknown): unknown {
  if (answer === undefined) return undefined;
  if (!isOrders(answer)) {
    throw new NoAnswer(
      answer,
      'expected an object with some of health, weightPercent, maxConnections and state, or undefined',
    );
  }
  const { health: found, weightPercent, maxConnections, state: ordered } = answer;
  return plain<AgentOrders>({ health: found, weightPercent, maxConnections, state: ordered });
}

/** Without what is undefined. */
function plain<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

const ROLES: readonly unknown[] = ['initialize', 'backup', 'master'];

function election(answer: unknown): ReturnType<Elector['next']> {
  if (!isRecord(answer)) throw new NoAnswer(answer, 'expected { role, timerUs }, and advertise where one is sent');
  const { role, advertise, timerUs } = answer;
  if (!ROLES.includes(role)) {
    throw new NoAnswer(answer, `with ${describe(role)} as its role: expected 'initialize', 'backup' or 'master'`);
  }
  if (advertise !== undefined && !(isWait(advertise) && advertise <= 255)) {
    throw new NoAnswer(
      answer,
      `with ${describe(advertise)} to advertise: expected a priority from 0 to 255, or undefined`,
    );
  }
  if (!isWait(timerUs)) throw new NoAnswer(answer, `with ${describe(timerUs)} as its timerUs: expected ${WHOLE}`);
  return plain<ReturnType<Elector['next']>>({ role: role as 'backup', advertise, timerUs });
}

function resolution(answer: unknown, [sites]: readonly unknown[]): ReturnType<Resolver['resolve']> {
  const known = (sites as readonly Site[]).map(({ id }) => id);
  if (!isResolution(answer)) throw new NoAnswer(answer, 'expected { sites: […], ttlUs: … }');
  const { sites: ids, ttlUs } = answer;
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined || ids.length === 0) {
    const found = stranger === undefined ? 'no site' : describe(stranger);
    throw new NoAnswer(answer, `with ${found}: expected at least one of ${known.join(', ')}, the best first`);
  }
  if (!isWait(ttlUs)) throw new NoAnswer(answer, `with ${describe(ttlUs)} as its ttlUs: expected ${WHOLE}`);
  return { sites: [...ids], ttlUs };
}
