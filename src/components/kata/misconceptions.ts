import type { KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';

/** A plausible mistake that the kata's author knows, and the title of the failure it ends with. */
export interface Misconception {
  readonly words: string;
  /** That title, or its beginning. */
  readonly fails: string;
}

/** One that code makes: katas/<slug>/mutants/<name>.ts. */
export interface KnownMisconception extends Misconception {
  readonly name: string;
}

/** A world of a run. */
export type World = Pick<ScenarioVerdict, 'suite' | 'number'>;

/** A run by other code of some of the same worlds, with the same seeds. */
type RunOf = (known: KnownMisconception, worlds: readonly World[]) => Promise<Pick<KataVerdict, 'scenarios'>>;

/** How far the comparison is: in the few worlds that it begins with, or then in all the others. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly in: 'few' | 'all';
}

/** More than two guesses are no guess. */
const MOST = 2;

/** Reads the comment that a mutant opens with: `@misconception …` and `@fails …`. Undefined when it has none. */
export function parseMisconception(source: string): Misconception | undefined {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1]?.replace(/^\s*\* ?/gm, '') ?? '';
  const tag = (name: string) => new RegExp(`@${name} ([^@]+)`).exec(comment)?.[1]?.trim().replace(/\s+/g, ' ');
  const [words, fails] = [tag('misconception'), tag('fails')];
  return words === undefined || fails === undefined ? undefined : { words, fails };
}

/** The mistakes that end as one of the failures of this run does. */
export function misconceptionsOf(
  known: readonly KnownMisconception[],
  { scenarios }: Pick<KataVerdict, 'scenarios'>,
): KnownMisconception[] {
  const titles = scenarios.flatMap(({ failure }) => failure?.title ?? []);
  return known.filter(({ fails }) => titles.some((title) => title.startsWith(fails)));
}

/** So many failures alike to the microsecond are no chance. */
const CERTAIN = 2;

/**
 * Of the mistakes that end as this run did, those that behave most like it, two at most: where there are more, each is run in the worlds of this run. It begins with the
 * shortest that failed. Those that take the very same costly decisions there go on to the other worlds, or all if none does; one alone needs no more proof.
 */
export async function closestOf(
  known: readonly KnownMisconception[],
  yours: Pick<KataVerdict, 'scenarios'>,
  run: RunOf,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<KnownMisconception[]> {
  const candidates = misconceptionsOf(known, yours);
  if (candidates.length <= 1) return candidates;
  const few = shortestFailed(yours.scenarios).slice(0, CERTAIN);
  const likenesses = new Map(candidates.map((one) => [one, NONE]));

  async function compare(
    some: readonly KnownMisconception[],
    worlds: readonly ScenarioVerdict[],
    where: Progress['in'],
  ) {
    // One after the other: there is one sandbox.
    for (const [done, one] of some.entries()) {
      onProgress({ done, of: some.length, in: where });
      const { scenarios } = await run(one, worlds);
      likenesses.set(one, sum(likenesses.get(one)!, likeness(worlds, scenarios)));
    }
  }

  await compare(candidates, few, 'few');
  const same = candidates.filter((one) => likenesses.get(one)!.decisions === few.length);
  if (same.length === 1 && few.length === CERTAIN) return same;
  const left = same.length > 0 ? same : candidates;
  const others = yours.scenarios.filter((world) => !few.includes(world));
  if (left.length > 1 && others.length > 0) await compare(left, others, 'all');
  const score = (one: KnownMisconception) => {
    const { ends, decisions } = likenesses.get(one)!;
    return ends * (yours.scenarios.length + 1) + decisions;
  };
  const best = Math.max(...left.map(score));
  return left.filter((one) => score(one) === best).slice(0, MOST);
}

/** Those that gave a wrong answer, the one with the fewest decisions first: what takes the least time to run. */
function shortestFailed(scenarios: readonly ScenarioVerdict[]): ScenarioVerdict[] {
  const decisions = ({ lines }: ScenarioVerdict) => lines?.length ?? 0;
  return scenarios
    .filter(({ failure }) => failure?.kind === 'wrong-answer')
    .sort((one, other) => decisions(one) - decisions(other));
}

/** In how many worlds two runs end with the same title or pass; of equals, whose first costly decisions are the same ones is more alike. */
interface Likeness {
  readonly ends: number;
  readonly decisions: number;
}

const NONE: Likeness = { ends: 0, decisions: 0 };

function sum(one: Likeness, other: Likeness): Likeness {
  return { ends: one.ends + other.ends, decisions: one.decisions + other.decisions };
}

function likeness(some: readonly ScenarioVerdict[], others: readonly ScenarioVerdict[]): Likeness {
  const pairs = some.flatMap((one) => {
    const other = others.find(({ suite, number }) => suite === one.suite && number === one.number);
    const alike = one.status === other?.status && one.failure?.title === other.failure?.title;
    return alike ? [costly(one) === costly(other)] : [];
  });
  return { ends: pairs.length, decisions: pairs.filter((same) => same).length };
}

function costly({ failure }: ScenarioVerdict): string {
  return JSON.stringify([failure?.when, failure?.chose, failure?.better, failure?.cost, failure?.costlyUs]);
}
