import { nearest } from '../../../engine/index.ts';
import { UsageError, type Command } from './command.ts';
import { complete, type Completion } from './completion.ts';
import type { History } from './history.ts';
import type { Lab } from './lab.ts';
import { line, type Block } from './text.ts';
import { splitWords } from './words.ts';

/** Where a shell prints. The terminal is one, the plain log another. */
export interface Screen {
  /** Shows a command that begins, typed or given with a button. */
  echo(text: string): void;
  print(blocks: readonly Block[]): void;
  clear(): void;
  /** A command has begun, or the shell listens again. */
  busy(busy: boolean): void;
}

/** Reads lines and runs commands, one after the other. */
export class Shell {
  readonly history: History;
  private readonly lab: Lab;
  private readonly commands: readonly Command[];
  private readonly screen: Screen;
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private interruption = new AbortController();

  constructor(lab: Lab, commands: readonly Command[], history: History, screen: Screen) {
    this.lab = lab;
    this.commands = commands;
    this.history = history;
    this.screen = screen;
  }

  /** A line that was typed: remembered, and run when those before it are done. */
  type(text: string): Promise<void> {
    this.history.add(text);
    return this.queue(text);
  }

  /** A command given with a button: it runs at once, beside what was typed. */
  press(text: string): Promise<void> {
    return this.execute(text, this.interruption.signal);
  }

  /** Ctrl-C: stops the clock, what is running, and what waits behind it. */
  async interrupt(): Promise<void> {
    this.interruption.abort();
    this.interruption = new AbortController();
    await this.lab.pause();
    await this.last;
  }

  complete(text: string, cursor: number): Completion {
    return complete(text, cursor, this.commands, this.lab);
  }

  private queue(text: string): Promise<void> {
    const { signal } = this.interruption;
    this.waiting++;
    this.screen.busy(true);
    this.last = this.last
      .then(() => (signal.aborted ? undefined : this.execute(text, signal)))
      .finally(() => {
        this.waiting--;
        if (this.waiting === 0) this.screen.busy(false);
      });
    return this.last;
  }

  private async execute(text: string, signal: AbortSignal): Promise<void> {
    this.screen.echo(text);
    const { words, open } = splitWords(text);
    const [name, ...args] = words.map((word) => word.text);
    const command = this.commands.find((candidate) => candidate.name === name);
    if (name === undefined) return;
    if (open !== undefined) this.print(line(UNCLOSED[open]));
    else if (command === undefined) this.print(line(this.unknown(name)));
    else await this.runCommand(command, args, signal);
  }

  private async runCommand(command: Command, args: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      await command.run(args, {
        lab: this.lab,
        commands: this.commands,
        history: this.history.entries,
        signal,
        print: (...blocks) => this.print(...blocks),
        clear: () => this.screen.clear(),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.print(line(`${command.name}: ${message}${/[.?:]$/.test(message) ? '' : '.'}`));
      if (error instanceof UsageError) this.print(line(`Usage: ${command.usage}`));
    }
  }

  private unknown(name: string): string {
    const near = nearest(
      name,
      this.commands.map((command) => command.name),
    );
    return `${name}: no such command. ${near === undefined ? '' : `Did you mean ${near}? `}help lists them all.`;
  }

  private print(...blocks: readonly Block[]): void {
    this.screen.print(blocks);
  }
}

const UNCLOSED = {
  "'": "This line ends inside a ' quote; close it.",
  '"': 'This line ends inside a " quote; close it.',
  '\\': 'This line ends with a \\ that protects nothing; take it away.',
} as const;
