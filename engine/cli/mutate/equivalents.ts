/**
 * katas/<slug>/equivalent.json: mutants of the solution that are right too, and why. A list, one entry for each line of the solution:
 *
 *   { "line": "if (a < b) return a;", "mutants": ["if (a <= b) return a;"], "why": "Equal ones are as good." }
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Mutant } from './mutants.ts';

const EQUIVALENTS = z.array(
  z.strictObject({
    line: z.string().min(1),
    mutants: z.array(z.string().min(1)).min(1),
    why: z.string().min(1),
  }),
);

export type Equivalents = z.output<typeof EQUIVALENTS>;

/** Empty if a kata explains nothing. */
export function readEquivalents(folder: string, name: string): Equivalents {
  const path = `${folder}/equivalent.json`;
  if (!existsSync(path)) return [];
  const read = EQUIVALENTS.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw new Error(`${name}/equivalent.json: ${z.prettifyError(read.error)}`);
}

export function isExplained({ before, after }: Pick<Mutant, 'before' | 'after'>, equivalents: Equivalents): boolean {
  return equivalents.some(({ line, mutants }) => line === before && mutants.includes(after));
}

/** Explanations of what is no mutant of the solution, or of one that fails. */
export function staleProblems(
  name: string,
  equivalents: Equivalents,
  surviving: readonly Pick<Mutant, 'before' | 'after'>[],
): string[] {
  return equivalents.flatMap(({ line, mutants }) =>
    mutants
      .filter((after) => !surviving.some((mutant) => mutant.before === line && mutant.after === after))
      .map((after) => `${name}/equivalent.json: explains "${line}" -> "${after}", which is no mutant that survives.`),
  );
}
