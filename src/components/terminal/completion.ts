import type { Command } from './command.ts';
import type { Lab } from './lab.ts';
import { splitWords } from './words.ts';

export interface Completion {
  /** The line after Tab, and where its cursor stands. */
  readonly text: string;
  readonly cursor: number;
  /** What fits, where more than one does and Tab could add nothing. */
  readonly choices: readonly string[];
}

/** What Tab makes of a line: it fills in as far as all candidates agree; a single one gets a space behind it. */
export function complete(text: string, cursor: number, commands: readonly Command[], lab: Lab): Completion {
  const before = text.slice(0, cursor);
  const unchanged: Completion = { text, cursor, choices: [] };
  const { words, open } = splitWords(before);
  if (open !== undefined) return unchanged;

  const last = words.at(-1);
  const begun = last !== undefined && last.end === before.length ? last.text : '';
  const done = (begun === '' ? words : words.slice(0, -1)).map((word) => word.text);
  const candidates = [...new Set(candidatesAfter(done, commands, lab))].filter((one) => one.startsWith(begun));
  if (candidates.length === 0) return unchanged;

  const common = candidates.reduce(commonStart);
  const added = common.slice(begun.length) + (candidates.length === 1 ? ' ' : '');
  const choices = added === '' ? candidates : [];
  return { text: before + added + text.slice(cursor), cursor: cursor + added.length, choices };
}

function candidatesAfter(done: readonly string[], commands: readonly Command[], lab: Lab): readonly string[] {
  const [name, ...args] = done;
  const names = commands.map((command) => command.name);
  if (name === undefined) return names;
  if (name === 'help') return args.length === 0 ? names : [];
  return commands.find((command) => command.name === name)?.complete?.(args, lab) ?? [];
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
