import type { Row } from './row.ts';
import { examplesOf } from './worked/read.ts';

/** The rows of a file: a list of them, or worked examples. Throws an Error that says what is wrong with which. */
export function rowsOf(file: string, text: string): Row[] {
  const whole = parsed(file, text);
  const document = isRecord(whole) && 'experiments' in whole ? examplesOf(whole, file) : whole;
  if (!Array.isArray(document)) throw new Error(`${file}: found ${kindOf(document)}, expected a list of rows`);
  return document.map((row: unknown, index) => checked(row, `${file}: row ${index}`));
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: it is no JSON (${(error as Error).message})`, { cause: error });
  }
}

function checked(row: unknown, where: string): Row {
  if (!isRecord(row)) throw new Error(`${where}: found ${kindOf(row)}, expected an object`);
  const expectation = { id: 'a text', metric: 'a text', scenario: 'an object' } as const;
  for (const [field, expected] of Object.entries(expectation))
    if (kindOf(row[field]) !== expected)
      throw new Error(`${where}: field "${field}": found ${kindOf(row[field])}, expected ${expected}`);
  if (!('expected' in row)) throw new Error(`${where}: field "expected": found nothing, expected a value`);
  return row as unknown as Row;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return 'a text';
  if (Array.isArray(value)) return 'a list';
  return isRecord(value) ? 'an object' : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
