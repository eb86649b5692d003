import { applied, editsOf } from './edits.ts';
import type { Edit } from './edits.ts';

/** A solution with one mistake in it. */
export interface Mutant {
  readonly line: number;
  /** The lines that the edit touches, as one, before and after. */
  readonly before: string;
  readonly after: string;
  readonly source: string;
}

/** Each mistake once: two edits may come to the same text. */
export function mutantsOf(source: string, given = ''): Mutant[] {
  const mutants = new Map<string, Mutant>();
  for (const edit of editsOf(source, given)) {
    const mutant = mutantOf(source, edit);
    if (!mutants.has(mutant.source)) mutants.set(mutant.source, mutant);
  }
  return [...mutants.values()];
}

function mutantOf(source: string, edit: Edit): Mutant {
  const start = source.lastIndexOf('\n', edit.from - 1) + 1;
  const end = source.indexOf('\n', edit.to);
  const rest = source.slice(edit.to, end === -1 ? undefined : end);
  const head = source.slice(start, edit.from);
  return {
    line: source.slice(0, edit.from).split('\n').length,
    before: oneLine(head + source.slice(edit.from, edit.to) + rest),
    after: oneLine(head + edit.text + rest),
    source: applied(source, edit),
  };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
