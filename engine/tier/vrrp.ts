/**
 * One router of a VRRP group: when a backup takes the virtual IP over, and who yields to whom.
 *
 * A backup waits three advertisement intervals and a skew that is shorter the higher its priority, so the best backup's timer runs out first. An
 * advertisement of priority 0 says that its sender resigns: then only the skew is waited. The owner of the address has priority 255 and never waits.
 *
 * Cost: O(1) a call, two numbers of memory.
 *
 * Fails when: advertisements get lost while their sender is well: two masters answer for one address until they hear each other again.
 *
 * Source: RFC 9568 (version 3), sections 6.1 and 6.4; RFC 3768 (version 2).
 *
 * Real systems: version 2 takes the skew from a whole second, whatever the interval. keepalived counts whole microseconds and cuts the rest off.
 */
import { invariant } from '../core/invariant.ts';
import type { Advertisement, Context, Elector } from '../core/policy.ts';

export type VrrpForm = 'version 2' | 'version 3' | 'keepalived';

/** Fractions of a microsecond stay, except in keepalived's form: who plans a timer rounds up. */
export interface VrrpTimers {
  readonly skewUs: number;
  readonly downUs: number;
}

const OWNER = 255;
const SECOND_US = 1_000_000;
const CENTISECOND_US = 10_000;

export function vrrpTimers(form: VrrpForm, priority: number, intervalUs: number): VrrpTimers {
  const problem = intervalProblem(form, intervalUs);
  invariant(problem === undefined, problem ?? '');
  const exactUs = ((256 - priority) * (form === 'version 2' ? SECOND_US : intervalUs)) / 256;
  const skewUs = form === 'keepalived' ? Math.floor(exactUs) : exactUs;
  return { skewUs, downUs: 3 * intervalUs + skewUs };
}

/** What is wrong with an advertisement interval. Version 3 has a field of 12 bits for centiseconds, and 0 is refused (erratum 8301). */
export function intervalProblem(form: VrrpForm, intervalUs: number): string | undefined {
  const longestUs = form === 'version 2' ? 255 * SECOND_US : 4095 * CENTISECOND_US;
  const shortestUs = form === 'version 2' ? SECOND_US : CENTISECOND_US;
  if (intervalUs >= shortestUs && intervalUs <= longestUs) return undefined;
  return `The advertisement interval is ${intervalUs} us; write one from ${shortestUs} to ${longestUs} us.`;
}

/** From the end of a master to its backup's take-over. `ageUs`: how old its last advertisement was then. */
export function takeoverUs({ skewUs, downUs }: VrrpTimers, end: 'resigned' | 'crashed', ageUs = 0): number {
  return end === 'resigned' ? skewUs : downUs - ageUs;
}

export interface VrrpRouter {
  readonly form?: VrrpForm;
  readonly priority: number;
  /** Compared as a number when two masters have the same priority. */
  readonly address: number;
  readonly intervalUs: number;
  /** Take over from a master of lower priority; an owner always does. */
  readonly preempt?: boolean;
  /** After its start it does not preempt for so long. (keepalived: preempt_delay.) */
  readonly preemptDelayUs?: number;
}

export function vrrpElector({
  form = 'version 3',
  priority,
  address,
  intervalUs,
  preempt = true,
  preemptDelayUs = 0,
}: VrrpRouter): Elector {
  let role: 'initialize' | 'backup' | 'master' = 'initialize';
  let deadlineUs = 0;
  let preemptsFromUs = 0;
  // A backup lives by the interval of the router it hears, not by its own.
  let heardIntervalUs = intervalUs;

  function wait(us: number, ctx: Context): void {
    deadlineUs = ctx.nowUs + Math.ceil(us);
  }

  function rule(ctx: Context): number {
    role = 'master';
    wait(intervalUs, ctx);
    return priority;
  }

  function follow(advertisement: Advertisement, ctx: Context): void {
    role = 'backup';
    heardIntervalUs = form === 'version 2' ? intervalUs : advertisement.intervalUs;
    wait(vrrpTimers(form, priority, heardIntervalUs).downUs, ctx);
  }

  function asBackup(advertisement: Advertisement, ctx: Context): void {
    if (advertisement.priority === 0) wait(vrrpTimers(form, priority, heardIntervalUs).skewUs, ctx);
    else if (!preempt || advertisement.priority >= priority || ctx.nowUs < preemptsFromUs) follow(advertisement, ctx);
  }

  /** Answers the priority to advertise, if an advertisement is due. */
  function asMaster(advertisement: Advertisement, ctx: Context): number | undefined {
    const theirs = advertisement.priority;
    const yields = theirs > priority || (theirs === priority && advertisement.address > address);
    if (!yields) return rule(ctx);
    follow(advertisement, ctx);
    return undefined;
  }

  return {
    next(advertisement, ctx) {
      let advertise: number | undefined;
      if (role === 'initialize') {
        role = 'backup';
        preemptsFromUs = ctx.nowUs + preemptDelayUs;
        if (priority === OWNER) advertise = rule(ctx);
        else wait(vrrpTimers(form, priority, intervalUs).downUs, ctx);
      }
      if (advertisement !== undefined) {
        if (role === 'master') advertise = asMaster(advertisement, ctx);
        else asBackup(advertisement, ctx);
      } else if (ctx.nowUs >= deadlineUs) advertise = rule(ctx);
      return { role, timerUs: deadlineUs - ctx.nowUs, ...(advertise !== undefined && { advertise }) };
    },
  };
}
