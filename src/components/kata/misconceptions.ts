/** A plausible mistake that the kata's author knows, and the title of the failure it ends with. */
export interface Misconception {
  readonly words: string;
  /** That title, or its beginning. */
  readonly fails: string;
}

/** Reads the comment that a mutant opens with: `@misconception …` and `@fails …`. Undefined when it has none. */
export function parseMisconception(source: string): Misconception | undefined {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1]?.replace(/^\s*\* ?/gm, '') ?? '';
  const tag = (name: string) => new RegExp(`@${name} ([^@]+)`).exec(comment)?.[1]?.trim().replace(/\s+/g, ' ');
  const [words, fails] = [tag('misconception'), tag('fails')];
  return words === undefined || fails === undefined ? undefined : { words, fails };
}

/** The mistakes that end as this run did. */
export function misconceptionsOf(known: readonly Misconception[], title: string | undefined): Misconception[] {
  return title === undefined ? [] : known.filter(({ fails }) => title.startsWith(fails));
}
