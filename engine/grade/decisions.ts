import type {
  AdmissionPolicy,
  AffinityPolicy,
  AgentPolicy,
  Backend,
  BreakerPolicy,
  BreakerState,
  Elector,
  FlowTable,
  Health,
  HealthPolicy,
  HedgePolicy,
  Picker,
  Resolver,
  RetryPolicy,
  Router,
} from '../core/policy.ts';
import type { ColumnReader, ColumnWriter } from './column.ts';
import { isOrders, isResolution, isRoute, isText } from './answer-shapes.ts';

/**
 * How the answers of each call that decides stand in their column, as numbers. What is written is read back to the same answer, and what no call
 * could have answered is refused.
 */
export interface Decision<Call extends AnyCall> {
  write(column: ColumnWriter, answer: ReturnType<Call>, args: Parameters<Call>): void;
  read(column: ColumnReader, args: Parameters<Call>): ReturnType<Call>;
  /** The answer where the tape of a run that was broken off has ended. */
  readonly none: ReturnType<Call>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the calls of all policies, whatever they take
export type AnyCall = (...args: any[]) => unknown;
type CallOf<Policy, Name extends keyof Policy> = Extract<NonNullable<Policy[Name]>, AnyCall>;

/** For a pick: declined. */
export const DECLINED = 0xffff;

/** The place in the list of eligible backends, or DECLINED. */
export const pick: Decision<Picker['pick']> = {
  write(column, answer, [backends]) {
    // A backend that is not in the list stays on no tape: the engine refuses it and the run ends here.
    const place = answer === undefined ? DECLINED : backends.indexOf(answer);
    if (place !== -1) column.put(place);
  },
  read(column, [backends]) {
    const place = column.next();
    if (place === DECLINED) return undefined;
    return (
      backends[place] ??
      column.refuse(
        `is place ${place}, and only ${backends.length} backends were eligible: 0 to ${backends.length - 1}`,
      )
    );
  },
  none: undefined,
};

export const HEALTH_CODE = { unchanged: 0, healthy: 1, unhealthy: 2 } as const;
const HEALTHS: readonly (Health | undefined)[] = [undefined, 'healthy', 'unhealthy'];

function putHealth(column: ColumnWriter, answer: Health | undefined): void {
  column.put(answer === undefined ? HEALTH_CODE.unchanged : HEALTH_CODE[answer]);
}

function nextHealth(column: ColumnReader): Health | undefined {
  return HEALTHS[column.nextUpTo(2, '0, 1 or 2')];
}

export const observe: Decision<HealthPolicy['observe']> = {
  write: putHealth,
  read: nextHealth,
  none: undefined,
};

export const requestStart: Decision<CallOf<HealthPolicy, 'onRequestStart'>> = {
  write: putHealth,
  read: nextHealth,
  none: undefined,
};

/** One code for each backend of the pool. */
export const sweep: Decision<CallOf<HealthPolicy, 'sweep'>> = {
  write(column, answer, [backends]) {
    for (const backend of backends) putHealth(column, answer?.get(backend));
  },
  read(column, [backends]) {
    const answers = new Map<Backend, Health>();
    for (const backend of backends) {
      const answer = nextHealth(column);
      if (answer !== undefined) answers.set(backend, answer);
    }
    return answers;
  },
  none: undefined,
};

export const yesOrNo = {
  write: (column: ColumnWriter, answer: boolean): void => column.put(answer ? 1 : 0),
  read: (column: ColumnReader): boolean => column.nextUpTo(1, '0 or 1') === 1,
  none: false,
};

/** Suspicion shares a column with health, so it speaks its language. */
export const suspects: Decision<CallOf<HealthPolicy, 'suspects'>> = {
  write: (column, answer) => column.put(answer ? HEALTH_CODE.unhealthy : HEALTH_CODE.unchanged),
  read: (column) => nextHealth(column) === 'unhealthy',
  none: false,
};

/** A wait in microseconds, or -1 for none. */
export const wait = {
  write: (column: ColumnWriter, answer: number | undefined): void => column.put(answer ?? -1),
  read(column: ColumnReader): number | undefined {
    const waitUs = column.next();
    if (waitUs === -1) return undefined;
    return waitUs >= 0 ? waitUs : column.refuse(`is ${waitUs}, which is no time to wait: 0 or more, or -1`);
  },
  none: undefined,
} satisfies Decision<RetryPolicy['onFailure']> & Decision<HedgePolicy['delayUs']>;

/** 0 lets in, w + 1 after a wait of w, -(r + 1) refuses with a Retry-After of r. */
export const admit: Decision<AdmissionPolicy['admit']> = {
  write(column, answer) {
    if (answer === undefined) column.put(0);
    else column.put(typeof answer === 'number' ? -(answer + 1) : answer.waitUs + 1);
  },
  read(column) {
    const code = column.next();
    if (code === 0) return undefined;
    if (code >= 1) return { waitUs: code - 1 };
    return code <= -1 ? -code - 1 : column.refuse(`is ${code}, which neither admits nor refuses`);
  },
  none: undefined,
};

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];

export const breakerState: Decision<BreakerPolicy['state']> = {
  write: (column, answer) => column.put(BREAKER_STATES.indexOf(answer)),
  read: (column) => BREAKER_STATES[column.nextUpTo(2, '0, 1 or 2')]!,
  none: 'closed',
};

/** An answer that is plain data; `is` tells whether what the tape holds can be one. */
function data<Answer>(is: (value: unknown) => value is Answer, what: string) {
  return {
    write: (column: ColumnWriter, answer: Answer | undefined): void => column.putData(answer),
    read(column: ColumnReader): Answer | undefined {
      const answer = column.nextData();
      return answer === undefined || is(answer) ? answer : column.refuse(`is no ${what}`);
    },
    none: undefined,
  };
}

export const orders: Decision<AgentPolicy['observe']> = data(isOrders, 'order of an agent');
export const route: Decision<Router['route']> = data(isRoute, 'pool, forward or reply');
export const cookie: Decision<AffinityPolicy['remember']> = data(isText, 'cookie');

/** The place in the list, from 1; 0 leaves it to the picker. */
export const find: Decision<AffinityPolicy['find']> = {
  write(column, answer, [backends]) {
    const place = answer === undefined ? 0 : backends.indexOf(answer) + 1;
    if (answer === undefined || place > 0) column.put(place);
  },
  read(column, [backends]) {
    const place = column.nextUpTo(backends.length, `0 to ${backends.length}, as so many backends were there`);
    return place === 0 ? undefined : backends[place - 1];
  },
  none: undefined,
};

const ROLES = ['initialize', 'backup', 'master'] as const;
/** Longer than any run: 285 years. */
const FOREVER_US = Number.MAX_SAFE_INTEGER;

/** Three numbers: the role; the priority to advertise plus one, or 0; the timer. */
export const next: Decision<Elector['next']> = {
  write(column, { role, advertise, timerUs }) {
    column.put(ROLES.indexOf(role));
    column.put(advertise === undefined ? 0 : advertise + 1);
    column.put(timerUs);
  },
  read(column) {
    const role = ROLES[column.nextUpTo(2, '0, 1 or 2')]!;
    const advertise = column.nextUpTo(256, '0, or a priority plus one');
    const timerUs = column.next();
    if (!(timerUs >= 0)) return column.refuse(`is ${timerUs}, which is no time for a timer`);
    return { role, ...(advertise > 0 && { advertise: advertise - 1 }), timerUs };
  },
  none: { role: 'initialize', timerUs: FOREVER_US },
};

/** The place in the list, or DECLINED: the packet is dropped. */
export const lookup: Decision<FlowTable['lookup']> = {
  write(column, answer, [, , backends]) {
    const place = answer === undefined ? DECLINED : backends.indexOf(answer);
    if (place !== -1) column.put(place);
  },
  read(column, [, , backends]) {
    const place = column.next();
    if (place === DECLINED) return undefined;
    return backends[place] ?? column.refuse(`is place ${place}, and only ${backends.length} backends were there`);
  },
  none: undefined,
};

/** Where the tape has ended no site is answered; the world takes that for an error, and stops. */
export const resolve: Decision<Resolver['resolve']> = {
  write: (column, answer) => column.putData(answer),
  read(column) {
    const answer = column.nextData();
    return isResolution(answer) ? answer : column.refuse('is no list of sites with a time to keep it');
  },
  none: { sites: [], ttlUs: 0 },
};
