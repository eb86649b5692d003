import { SERVED, type Failure, type PolicyKind } from '../../../engine/index.ts';
import type { RequestRows } from '../../bridge/kata.ts';
import { formatCount, formatUs, NBSP } from '../chart/format.ts';
import { nearestRank } from '../chart/points.ts';

/** The same arrivals through the learner's policy and others, request beside request. Pure: no DOM, no worker. */

/** How one request went. */
export interface Ending {
  readonly end: 'served' | 'failed' | 'unanswered';
  /** NaN if it was not served. */
  readonly latencyUs: number;
  /** Undefined where none got it. */
  readonly backend: string | undefined;
}

/** One policy on these arrivals. */
export interface Candidate {
  readonly id: 'yours' | 'round-robin' | 'reference';
  /** Within a sentence: "you", "round robin". */
  readonly name: string;
  /** Request by request of the learner's run; undefined: this one did not arrive there at that time. */
  readonly endings: readonly (Ending | undefined)[];
}

export interface Arrivals {
  /** Yours first. */
  readonly candidates: readonly Candidate[];
  readonly sentUs: readonly number[];
  /** Where the first decision stands that broke the check. */
  readonly costly: Costly | undefined;
  /** What the failed check allows a request. */
  readonly limitUs: number | undefined;
}

export interface Costly {
  /** Index of the request it was about, or of the first one sent after it. */
  readonly index: number;
  /** It was about that request. */
  readonly exact: boolean;
  readonly atUs: number;
}

/** Pairs requests by client and time: where clients wait for answers, another policy changes what arrives. */
export function arrivalsOf(
  runs: readonly { readonly id: Candidate['id']; readonly name: string; readonly rows: RequestRows }[],
  failure: Failure | undefined,
): Arrivals {
  const mine = runs[0]!.rows;
  const sentUs = [...mine.sentUs];
  return {
    candidates: runs.map(({ id, name, rows }) => ({ id, name, endings: endingsOf(rows, mine) })),
    sentUs,
    costly: costlyOf(failure, sentUs),
    limitUs: failure?.limitUs,
  };
}

function endingsOf(rows: RequestRows, mine: RequestRows): (Ending | undefined)[] {
  const key = ({ client, sentUs }: RequestRows, row: number) => `${client[row]} ${sentUs[row]}`;
  const waiting = new Map<string, number[]>();
  rows.sentUs.forEach((_, row) => {
    const same = waiting.get(key(rows, row));
    if (same) same.push(row);
    else waiting.set(key(rows, row), [row]);
  });
  return Array.from(mine.sentUs, (_, row) => {
    const theirs = waiting.get(key(mine, row))?.shift();
    return theirs === undefined ? undefined : endingOf(rows, theirs);
  });
}

function endingOf({ outcome, sentUs, endedUs, backend, backends }: RequestRows, row: number): Ending {
  const end = outcome[row] === SERVED ? 'served' : outcome[row] === 0 ? 'unanswered' : 'failed';
  const latencyUs = end === 'served' ? endedUs[row]! - sentUs[row]! : NaN;
  return { end, latencyUs, backend: backends[backend[row]!] };
}

function costlyOf(failure: Failure | undefined, sentUs: readonly number[]): Costly | undefined {
  const when = failure?.when;
  if (!when) return undefined;
  const exact = when.request > 0 && when.request <= sentUs.length;
  const index = exact ? when.request - 1 : sentUs.findIndex((sent) => sent >= when.atUs);
  return index === -1 ? undefined : { index, exact, atUs: when.atUs };
}

/** Requests drawn at once: the costly decision stands a third into them; without one they begin where the policies first part. */
export function openingWindow({ candidates, costly, sentUs }: Arrivals, most: number): number {
  const [yours, ...others] = candidates;
  const parts = () =>
    sentUs.findIndex((_, at) => others.some(({ endings }) => !sameEnding(yours!.endings[at], endings[at])));
  const about = costly?.index ?? Math.max(0, parts());
  return Math.max(0, Math.min(about - Math.floor(most / 3), sentUs.length - most));
}

export function sameEnding(one: Ending | undefined, other: Ending | undefined): boolean {
  return one?.end === other?.end && one?.backend === other?.backend && Object.is(one?.latencyUs, other?.latencyUs);
}

/** The others whose run was the learner's to the microsecond. */
export function twinsOf([yours, ...others]: readonly Candidate[]): Candidate[] {
  return others.filter(({ endings }) => endings.every((ending, at) => sameEnding(yours!.endings[at], ending)));
}

/** "Same 26 arrivals, three policies" */
export function titleOf({ candidates, sentUs }: Arrivals): string {
  return `Same ${formatCount(sentUs.length)} arrivals, ${candidates.length === 2 ? 'two' : 'three'} policies`;
}

/** "You and round robin chose alike 26 of 26 times, you and the reference 20 of 26." */
export function agreementWords({ candidates: [yours, ...others] }: Arrivals, policy: PolicyKind): string {
  const ofBackends = choosing.includes(policy);
  const parts = others.map(({ name, endings }) => {
    const pairs = endings.flatMap((ending, at) => (ending ? [[yours!.endings[at]!, ending] as const] : []));
    const alike = pairs.filter(([one, other]) => (ofBackends ? one.backend === other.backend : one.end === other.end));
    const words = `${formatCount(alike.length)} of ${formatCount(pairs.length)}`;
    return { name, words, missing: endings.length - pairs.length };
  });
  const [first, ...rest] = parts;
  const sentence =
    policy === 'picker'
      ? [
          `You and ${first!.name} chose alike ${first!.words} times`,
          ...rest.map(({ name, words }) => `you and ${name} ${words}`),
        ].join(', ')
      : ofBackends
        ? `${first!.words} requests went to the same backend as with ${first!.name}`
        : `${first!.words} requests ended as with ${first!.name}, served or failed`;
  const missing = parts
    .filter((part) => part.missing > 0)
    .map(
      (part) =>
        ` ${formatCount(part.missing)} of yours did not arrive at the same time with ${part.name}: they are left out.`,
    );
  return `${sentence}.${missing.join('')}`;
}

/** Kinds of policy whose answer is a backend. */
const choosing: readonly PolicyKind[] = ['picker', 'affinity', 'flows'];

/** "p99 of the whole run: yours 580 ms, round robin 580 ms, reference 220 ms (n = 26, 26, 26)." */
export function percentileWords({ candidates }: Arrivals): string {
  const served = candidates.map(({ endings }) =>
    endings.flatMap((ending) => (ending?.end === 'served' ? ending.latencyUs : [])),
  );
  const parts = candidates.map(({ id }, at) => `${labels[id]} ${formatUs(nearestRank(served[at]!, 99))}`);
  const counts = served.map(({ length }) => formatCount(length));
  return `p99 of all: ${parts.join(', ')} (n${NBSP}=${NBSP}${new Set(counts).size === 1 ? counts[0] : counts.join(', ')}).`;
}

/** What stands at the end of a series, and over its column. */
export const labels: Record<Candidate['id'], string> = {
  yours: 'yours',
  'round-robin': 'round robin',
  reference: 'reference',
};

/** "340 ms, s2", "failed, s2", "no answer yet" */
export function endingWords(ending: Ending | undefined): string {
  if (!ending) return 'did not arrive then';
  const { end, latencyUs, backend } = ending;
  const how = end === 'served' ? formatUs(latencyUs) : end === 'failed' ? 'failed' : 'no answer yet';
  return backend === undefined ? how : `${how}, ${backend}`;
}

/** "Request 14, sent at 233 ms: yours 340 ms, s2; reference 40 ms, s1" */
export function requestWords({ candidates, sentUs }: Arrivals, index: number): string {
  const each = candidates.map(({ id, endings }) => `${labels[id]} ${endingWords(endings[index])}`);
  return `Request ${formatCount(index + 1)}, sent at ${formatUs(sentUs[index]!)}: ${each.join('; ')}`;
}
