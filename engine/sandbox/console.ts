import { slotOf } from '../core/backend.ts';
import type { Backend } from '../core/policy.ts';
import { LOG } from './protocol.ts';

/** What the learner's code writes with console.log, kept until somebody takes it. */
export class Log {
  private lines: string[] = [];
  private written = 0;

  readonly write = (...values: readonly unknown[]): void => {
    this.written += 1;
    if (this.written < LOG.lines)
      this.lines.push(
        values
          .map((value) => show(value, 0))
          .join(' ')
          .slice(0, LOG.characters),
      );
    else if (this.written === LOG.lines) this.lines.push(`Only the first ${LOG.lines - 1} lines of a run are kept.`);
  };

  take(): string[] {
    const taken = this.lines;
    this.lines = [];
    return taken;
  }
}

/** So deep and so long lists are shown. */
const DEEPEST = 3;
const LONGEST = 100;

/** A value as a line of text: what a debugger would show, in short. */
function show(value: unknown, depth: number): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (slotOf(value) !== -1) return (value as Backend).id;
  if (depth === DEEPEST) return '…';
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Map)
    return `Map { ${list([...value], ([key, held]) => `${show(key, depth + 1)}: ${show(held, depth + 1)}`)} }`;
  if (value instanceof Set) return `Set { ${list([...value], (held) => show(held, depth + 1))} }`;
  if (Array.isArray(value)) return `[${list(value as unknown[], (held) => show(held, depth + 1))}]`;
  return `{ ${list(Object.entries(value), ([key, held]) => `${key}: ${show(held, depth + 1)}`)} }`;
}

function list<T>(items: readonly T[], each: (item: T) => string): string {
  const shown = items.slice(0, LONGEST).map(each).join(', ');
  return items.length > LONGEST ? `${shown}, … (${items.length} in all)` : shown;
}
