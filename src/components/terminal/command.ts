import type { Lab } from './lab.ts';
import type { Block } from './text.ts';

/** One command of the terminal: a file of `commands/` holds one, or a family that differs in a word. */
export interface Command {
  readonly name: string;
  /** Arguments as manuals write them, the name first: "slow <backend> <factor>". */
  readonly usage: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What else there is to know. */
  readonly details?: readonly string[];
  readonly example: string;
  /** What the next word may be, after `args`. */
  complete?(args: readonly string[], lab: Lab): readonly string[];
  /** Throws a UsageError when it was called wrongly. */
  run(args: readonly string[], shell: CommandShell): Promise<void>;
}

/** What a running command sees of the shell. */
export interface CommandShell {
  readonly lab: Lab;
  readonly commands: readonly Command[];
  /** Lines typed so far, oldest first. */
  readonly history: readonly string[];
  /** Ends when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
  readonly print: (...blocks: readonly Block[]) => void;
  readonly clear: () => void;
}

/** A command was called wrongly. The message says what was found and what is possible; the shell adds the usage. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Too many words is a mistake as good as any: what would be ignored is refused. */
export function expectAtMost(args: readonly string[], most: number): void {
  if (args.length > most) throw new UsageError(`"${args[most]!}" is one word too many`);
}
