/**
 * Reads a run that came out of a realm in which learner code has run, so nothing is believed: each part is checked in kind, length and range and
 * built anew from what was found. Undefined: it is no run.
 */
import type { Fault } from './fault.ts';
import type { PolicyKind } from './kata.ts';
import type { Run } from './run.ts';
import { COLUMN, isColumn } from './tape.ts';
import type { Tape } from './tape.ts';

/** What a run may hold at most. */
const MOST = {
  decisions: 4_000_000,
  /** Answers that are texts, such as cookies; each may be a good deal longer than any cookie. */
  texts: 1_000_000,
  textCharacters: 16_000,
  traits: 100_000,
  message: 600,
  call: 20,
} as const;

const FAULTS: Readonly<Record<Fault['kind'], true>> = {
  threw: true,
  steps: true,
  'all-steps': true,
  entries: true,
  recursion: true,
  memory: true,
  answer: true,
  promise: true,
  'not-a-policy': true,
  engine: true,
};

export function readRun(value: unknown, kind: PolicyKind): Run | undefined {
  if (!isRecord(value) || !isRecord(value['tape'])) return undefined;
  const { lines, steps, digest } = value;
  const tape = readTape(value['tape'], kind);
  const fault = value['fault'] === undefined ? undefined : readFault(value['fault']);
  if (tape === undefined || (value['fault'] !== undefined && fault === undefined)) return undefined;
  if (!(lines instanceof Uint16Array) || lines.length > MOST.decisions || !isCount(steps)) return undefined;
  if (typeof digest !== 'string' || !/^([0-9a-f]{16})?$/.test(digest)) return undefined;
  return { tape, lines, steps, digest, ...(fault && { fault }) };
}

/** Only the column that the learner's code fills, and what belongs to it. */
function readTape(value: Record<string, unknown>, kind: PolicyKind): Tape | undefined {
  if (Object.keys(value).length === 0) return {};
  const name = COLUMN[kind];
  const { [name]: column, texts = [], traits, seed } = value;
  if (!isColumn(name, column) || column.length > MOST.decisions) return undefined;
  if (!isTexts(texts) || !isCount(seed) || !isRecord(traits)) return undefined;
  const ofColumn = traits[name];
  if (!isTraits(ofColumn)) return undefined;
  return { [name]: column, ...(texts.length > 0 && { texts }), traits: { [name]: ofColumn }, seed };
}

function isTexts(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length > MOST.texts) return false;
  return value.every((text) => typeof text === 'string' && text.length <= MOST.textCharacters);
}

function isTraits(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MOST.traits && value.every((trait) => isCount(trait));
}

function readFault(value: unknown): Fault | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, call, message, line, column, loop, atUs, request, limit } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(FAULTS, kind)) return undefined;
  if (typeof call !== 'string' || call.length > MOST.call) return undefined;
  if (typeof message !== 'string' || message.length > MOST.message) return undefined;
  if (![line, column, atUs, request].every((number) => isCount(number)) || typeof loop !== 'boolean') return undefined;
  if (limit !== undefined && !isCount(limit)) return undefined;
  return { kind, call, message, line, column, loop, atUs, request, ...(limit !== undefined && { limit }) } as Fault;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isCount(value: unknown, most = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
