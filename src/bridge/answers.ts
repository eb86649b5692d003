/**
 * Reads what the sandbox says. Learner code has run there, so nothing is believed: each answer is checked in kind, length and range and built
 * anew from what was found. A wrong one means that the sandbox is not what we started.
 */
import { isCount, isRecord, readRun, type PolicyKind } from '../../engine/index.ts';
import type { Answer } from '../../engine/sandbox/protocol.ts';

/** What the learner's console may hold at most. */
const MOST = { logLines: 200, logCharacters: 2000 } as const;

/** What was asked for. */
export interface Asked {
  readonly run: number;
  readonly tests: number;
  readonly kind: PolicyKind;
}

/** The answer, or undefined if it is none. */
export function readAnswer(value: unknown, asked: Asked): Answer | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, run, test } = value;
  if (kind === 'ready') return { kind };
  if (run !== asked.run || !isCount(test, asked.tests - 1)) return undefined;
  const at = { run, test };
  if (kind === 'progress' && isCount(value['decision'])) return { kind, ...at, decision: value['decision'] };
  if (kind === 'mark' && isCount(value['line'])) return { kind, ...at, line: value['line'] };
  if (kind !== 'result') return undefined;
  const result = readRun(value['result'], asked.kind);
  const log = readLog(value['log']);
  return result && log && { kind, ...at, result, log };
}

function readLog(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > MOST.logLines) return undefined;
  const isLine = (line: unknown): line is string => typeof line === 'string' && line.length <= MOST.logCharacters;
  return value.every(isLine) ? value : undefined;
}
