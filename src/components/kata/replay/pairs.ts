import { effectOf } from '../../../../engine/index.ts';
import { formatUs } from '../../chart/format.ts';
import type { ToldDecision } from './calls.ts';
import type { Decision } from './model.ts';

/** Two runs on identical arrivals, decision beside decision. Pure: no DOM, no worker. */

/** For each of `mine` the decision of the other run about the same thing; undefined where the other was not asked. */
function pairsOf<Item>(mine: readonly Item[], theirs: readonly Item[], about: (one: Item) => string) {
  const waiting = new Map<string, Item[]>();
  for (const one of theirs) {
    const same = waiting.get(about(one));
    if (same) same.push(one);
    else waiting.set(about(one), [one]);
  }
  return mine.map((one) => waiting.get(about(one))?.shift());
}

/** Picks of the same request, probes of the same backend at the same time. */
export function pairDecisions(mine: readonly Decision[], theirs: readonly Decision[]): (Decision | undefined)[] {
  return pairsOf(mine, theirs, ({ kind, request, atUs, backend }) =>
    kind === 'pick' ? `request ${request}` : `${backend} at ${atUs}`,
  );
}

/** The same question about the same request, whose cookie may be of the policy's own making; where it is about none, at the same time. */
export function pairCalls(mine: readonly ToldDecision[], theirs: readonly ToldDecision[]) {
  return pairsOf(mine, theirs, ({ call: { atUs, call, of, request, asked } }) =>
    (request > 0 ? [call, of, request] : [atUs, call, of, asked]).join(' '),
  );
}

export function decidedAlike(mine: Decision, theirs: Decision | undefined): boolean {
  if (!theirs) return false;
  return mine.kind === 'pick' ? mine.backend === theirs.backend : mine.judged === theirs.judged;
}

/** Who was not asked changed nothing either. */
export function answeredAlike({ call }: ToldDecision, theirs: ToldDecision | undefined): boolean {
  return effectOf(call) === (theirs && effectOf(theirs.call));
}

/** Where two runs part. */
export interface Parting {
  /** Index of the first decision that differs. */
  readonly first: number;
  /** Index of the first that differs and breaks the check; undefined if none does. */
  readonly costly: number | undefined;
  /** How many differ. */
  readonly count: number;
}

/** Undefined if all decisions are alike. */
export function partingOf<Item extends { readonly costly: boolean }>(
  mine: readonly Item[],
  theirs: readonly (Item | undefined)[],
  alike: (mine: Item, theirs: Item | undefined) => boolean,
): Parting | undefined {
  const differing = mine.flatMap((one, at) => (alike(one, theirs[at]) ? [] : [at]));
  const [first] = differing;
  if (first === undefined) return undefined;
  return { first, costly: differing.find((at) => mine[at]!.costly), count: differing.length };
}

/** "The first difference is decision 3 of 26, at 12 ms; it also breaks the check. 5 decisions differ." */
export function partingWords(parting: Parting | undefined, of: number, atUs: (index: number) => number): string {
  if (!parting) return `All ${of} decisions are alike.`;
  const { first, costly, count } = parting;
  const place = (index: number) => `decision ${index + 1} of ${of}, at ${formatUs(atUs(index))}`;
  const cost =
    costly === undefined
      ? ''
      : costly === first
        ? ', and it breaks the check'
        : `; the first that breaks the check is ${place(costly)}`;
  const all = count === 1 ? 'No other differs' : `${count} of ${of} differ`;
  return `The first difference is ${place(first)}${cost}. ${all}.`;
}
