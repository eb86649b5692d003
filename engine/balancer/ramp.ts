import type { Member } from './roster.ts';
import { slowStartConnections, slowStartFactor, slowStartLooksAgainUs } from './slow-start.ts';
import type { SlowStart } from './slow-start.ts';

/**
 * Begins a member's slow start when it has become fit for service again, and ends it when it no longer is. Answers whether one began or ended. A drain that
 * is called off begins none: the backend was up all the time, and its caches are warm.
 */
export function turnRamp(member: Member, members: readonly Member[], slowStart: SlowStart, nowUs: number): boolean {
  const fit = isFit(member, slowStart);
  if (fit === member.fit) return false;
  member.fit = fit;
  if (fit) return beginRamp(member, members, slowStart, nowUs);
  if (member.rampSinceUs === undefined) return false;
  endRamp(member);
  return true;
}

/** Answers whether a slow start began. */
export function beginRamp(member: Member, members: readonly Member[], slowStart: SlowStart, nowUs: number): boolean {
  const isSteady = (other: Member) => other !== member && other.up && other.rampSinceUs === undefined;
  // AWS: whoever has no steady one beside it has all the traffic anyway.
  if (slowStart.kind === 'linear' && !members.some(isSteady)) return false;
  member.rampSinceUs = nowUs;
  followRamp(member, slowStart, nowUs);
  return true;
}

/** Gives the member the part that is its by now. Answers when to do so again, or undefined when there is no need. */
export function followRamp(member: Member, slowStart: SlowStart, nowUs: number): number | undefined {
  const { rampSinceUs: sinceUs } = member;
  if (sinceUs === undefined) return undefined;
  member.rampFactor = slowStartFactor(slowStart, sinceUs, nowUs);
  const againUs = slowStartLooksAgainUs(slowStart, sinceUs, nowUs);
  if (againUs === undefined) endRamp(member);
  return againUs;
}

/** How many requests the member may have in flight now. */
export function boundOf(member: Member, slowStart: SlowStart | undefined, nowUs: number): number {
  const { maxConnections, rampSinceUs: sinceUs } = member;
  if (slowStart === undefined || sinceUs === undefined) return maxConnections;
  return slowStartConnections(slowStart, maxConnections, sinceUs, nowUs);
}

function endRamp(member: Member): void {
  member.rampSinceUs = undefined;
  member.rampFactor = 1;
}

/** Envoy counts from the checks alone: the end of an ejection is no new beginning. */
function isFit(
  { failsChecks, ejected, agentDown, agentState, disabled, removed }: Member,
  { kind }: SlowStart,
): boolean {
  return !(failsChecks || agentDown || disabled || removed || agentState === 'maint' || (ejected && kind !== 'envoy'));
}
