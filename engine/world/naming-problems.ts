import { nearest } from './scenario-error.ts';
import type { Problem } from './scenario-error.ts';

/** A name, and the field it stands in. */
export type Named = readonly [name: string, field: string];

export function idsOf(named: readonly { readonly id: string }[]): string[] {
  return named.map(({ id }) => id);
}

/** The names that somebody before has already. */
export function duplicates(what: string, named: readonly Named[]): Problem[] {
  const fieldOf = new Map<string, string>();
  return named.flatMap(([name, field]) => {
    const first = fieldOf.get(name);
    if (first === undefined) {
      fieldOf.set(name, field);
      return [];
    }
    const mend = `Change it: ${first} has it already.`;
    return [{ field, found: `"${name}" a second time`, expected: `another name for each ${what}`, mend }];
  });
}

/** A problem if nobody has this name. */
export function unknown(what: string, name: string, known: readonly string[], field: string): Problem[] {
  if (known.includes(name)) return [];
  const guess = nearest(name, known);
  const list = `There are: ${known.join(', ')}.`;
  return [
    {
      field,
      found: `"${name}"`,
      expected: `a ${what} that exists`,
      mend: guess === undefined ? list : `Did you mean "${guess}"? ${list}`,
    },
  ];
}
