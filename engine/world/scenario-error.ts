/** A scenario says something that cannot be. The message holds one line per problem: where, what was found, what is expected, how to mend it. */
export class ScenarioError extends Error {
  override name = 'ScenarioError';
  readonly source: string;
  readonly problems: readonly Problem[];

  /** `source`: the file, or whatever else the scenario came from. */
  constructor(source: string, problems: readonly Problem[]) {
    super(problems.map((problem) => `${source}: ${tell(problem)}`).join('\n'));
    this.source = source;
    this.problems = problems;
  }
}

export interface Problem {
  /** For example `pools[0].backends[2].weight`; empty for the document as a whole. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
  /** What to do about it, as a sentence. */
  readonly mend: string;
}

function tell({ field, found, expected, mend }: Problem): string {
  return `${field === '' ? 'the document' : field}: found ${found}, expected ${expected}. ${mend}`;
}

/** The known name that `name` most likely was meant to be; undefined when none comes near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({
    candidate,
    distance: editDistance(name.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0];
  // A third of the letters may be wrong; beyond that a suggestion misleads.
  return best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein's: how many letters must be put in, taken out or changed. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(change, above[column]! + 1, line[column - 1]! + 1));
    }
    above = line;
  }
  return above[b.length]!;
}
