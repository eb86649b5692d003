import type { PolicyKind } from './kata.ts';
import { isRecord, readRun } from './read-run.ts';
import type { Run } from './run.ts';
import { COLUMN, columnFrom } from './tape.ts';

/** A run as text, for realms that hand over nothing but texts. */
export function runToJson(run: Run): string {
  return JSON.stringify(run, (_name, value: unknown) => (ArrayBuffer.isView(value) ? numbersOf(value) : value));
}

/** The run that a text holds, read like anything that comes from where learner code has run; undefined if it is none. */
export function runFromJson(text: string, kind: PolicyKind): Run | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(found) || !isRecord(found['tape']) || !isNumbers(found['lines'])) return undefined;
  const name = COLUMN[kind];
  const column = found['tape'][name];
  if (column !== undefined && !isNumbers(column)) return undefined;
  const tape = { ...found['tape'], ...(column !== undefined && { [name]: columnFrom(name, column) }) };
  return readRun({ ...found, lines: Uint16Array.from(found['lines']), tape }, kind);
}

function numbersOf(view: ArrayBufferView): number[] {
  return Array.from(view as unknown as ArrayLike<number>);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}
