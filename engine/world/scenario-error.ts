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

/** How many letters must be put in, taken out, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const lines = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const above = lines[row - 1]!;
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swappable = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = swappable ? lines[row - 2]![column - 2]! + 1 : Infinity;
      line.push(Math.min(change, swap, above[column]! + 1, line[column - 1]! + 1));
    }
    lines.push(line);
  }
  return lines[a.length]![b.length]!;
}
