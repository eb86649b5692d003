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

/** A run by other code of the same worlds, with the same seeds. */
type RunOf = (known: KnownMisconception) => Promise<Pick<KataVerdict, 'scenarios'>>;

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

/** Of the mistakes that end as this run did, those that behave most like it, two at most: each is run in the worlds of this run, where there are more. */
export async function closestOf(
  known: readonly KnownMisconception[],
  yours: Pick<KataVerdict, 'scenarios'>,
  run: RunOf,
): Promise<KnownMisconception[]> {
  const candidates = misconceptionsOf(known, yours);
  if (candidates.length <= 1) return candidates;
  const likenesses: { readonly of: KnownMisconception; readonly likeness: number }[] = [];
  // One after the other: there is one sandbox.
  for (const of of candidates) likenesses.push({ of, likeness: likeness(yours.scenarios, (await run(of)).scenarios) });
  const best = Math.max(...likenesses.map((one) => one.likeness));
  return likenesses
    .filter((one) => one.likeness === best)
    .map(({ of }) => of)
    .slice(0, MOST);
}

/** In how many worlds two runs end with the same title or pass; of equals, whose first costly decisions are the same ones is more alike. */
function likeness(some: readonly ScenarioVerdict[], others: readonly ScenarioVerdict[]): number {
  let ends = 0;
  let decisions = 0;
  for (const [place, one] of some.entries()) {
    const other = others[place];
    if (one.status !== other?.status || one.failure?.title !== other.failure?.title) continue;
    ends += 1;
    if (costly(one) === costly(other)) decisions += 1;
  }
  return ends * (some.length + 1) + decisions;
}

function costly({ failure }: ScenarioVerdict): string {
  return JSON.stringify([failure?.when, failure?.chose, failure?.better, failure?.cost, failure?.costlyUs]);
}
