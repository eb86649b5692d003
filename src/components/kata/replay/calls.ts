import type { ScenarioVerdict } from '../../../../engine/index.ts';
import type { ToldCall } from '../../../bridge/kata.ts';

/** The list of a policy's decisions, worked out of what it was asked and answered. Pure: no DOM, no worker. */

export interface ToldDecision {
  readonly call: ToldCall;
  /** Line of the learner's file that decided, 0 where unknown. */
  readonly line: number;
  /** It breaks the check that failed. */
  readonly costly: boolean;
}

/** The check names moments, and its first also the request: of several decisions at that moment only those about it are meant. */
export function toldDecisions(
  calls: readonly ToldCall[],
  { failure, lines }: Pick<ScenarioVerdict, 'failure' | 'lines'>,
): ToldDecision[] {
  const costlyUs = new Set(failure?.costlyUs ?? []);
  const when = failure?.when;
  if (when) costlyUs.add(when.atUs);
  const isMeant = ({ atUs, request }: ToldCall) =>
    atUs !== when?.atUs || when.request === 0 || request === 0 || request === when.request;
  return calls.map((call, index) => ({
    call,
    line: lines?.[index] ?? 0,
    costly: costlyUs.has(call.atUs) && isMeant(call),
  }));
}

/** The decision to open at: where the check failed, or the last before that; else the first. */
export function openingCall(decisions: readonly ToldDecision[], { failure }: Pick<ScenarioVerdict, 'failure'>): number {
  const when = failure?.when;
  if (!when) return 0;
  const exact = decisions.findIndex(({ call, costly }) => costly && call.atUs === when.atUs);
  if (exact !== -1) return exact;
  return Math.max(
    0,
    decisions.findLastIndex(({ call }) => call.atUs <= when.atUs),
  );
}

/** The next costly decision after `index`, from the start again when there is none; undefined when there is no other. */
export function nextCostlyCall(decisions: readonly ToldDecision[], index: number): number | undefined {
  const after = decisions.findIndex(({ costly }, at) => costly && at > index);
  const found = after === -1 ? decisions.findIndex(({ costly }) => costly) : after;
  return found === -1 || found === index ? undefined : found;
}

/** Rows of the table at once; it turns a page where one walks past the end. */
const pageRows = 50;

export function pageOf(index: number, of: number): { readonly from: number; readonly to: number } {
  const from = Math.floor(index / pageRows) * pageRows;
  return { from, to: Math.min(from + pageRows, of) };
}
