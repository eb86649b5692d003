import { EVENT_KIND, FAILURE } from './event-kind.ts';
import type { LogNames } from './request-log.ts';
import type { Trace, TraceEvent } from './trace.ts';

/** What to find in a trace. What is not given lets everything through. */
export interface Search {
  readonly kinds?: readonly (keyof typeof EVENT_KIND)[] | undefined;
  /** Ids. */
  readonly backends?: readonly string[] | undefined;
  readonly request?: number | undefined;
  /** Both included. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  /** Words that all stand in the line, in small letters or large. */
  readonly text?: string | undefined;
  /** The most to answer; default 1000. */
  readonly limit?: number | undefined;
}

export interface Found extends TraceEvent {
  /** Its place in the trace. */
  readonly row: number;
  /** The event as one line of text. */
  readonly line: string;
}

/** The events that match, in order. O(log n) to the start of the time range, then O(1) an event. */
export function searchTrace(trace: Trace, names: LogNames, search: Search): Found[] {
  const { fromUs = 0, toUs = Infinity, limit = 1000 } = search;
  const kinds = search.kinds && new Set(search.kinds.map((kind) => EVENT_KIND[kind] as number));
  const backends = search.backends && new Set(search.backends.map((id) => indexOf(id, names)));
  const words = search.text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const found: Found[] = [];
  for (let row = trace.firstAt(fromUs); row < trace.length && found.length < limit; row++) {
    if (trace.atUs[row]! > toUs) break;
    if (kinds && !kinds.has(trace.kind[row]!)) continue;
    if (backends && !backends.has(trace.backend[row]!)) continue;
    if (search.request !== undefined && trace.request[row] !== search.request) continue;
    const event = trace.at(row);
    const line = lineOf(event, names);
    const lower = line.toLowerCase();
    if (words.every((word) => lower.includes(word))) found.push({ ...event, row, line });
  }
  return found;
}

function indexOf(id: string, names: LogNames): number {
  const index = names.backends.indexOf(id);
  if (index === -1)
    throw new RangeError(`search: there is no backend "${id}" in this run; it knows ${names.backends.join(', ')}`);
  return index;
}

const KIND_NAMES = new Map<number, string>(Object.entries(EVENT_KIND).map(([name, code]) => [code, name]));
const FAILURE_NAMES = new Map<number, string>(Object.entries(FAILURE).map(([name, code]) => [code, name]));

/** Kinds whose value is a FAILURE code. */
const FAILS: readonly number[] = [EVENT_KIND.failed, EVENT_KIND.attemptFailed];

/** `12.345678 s  failed  request 7  backend s3  timeout`. */
export function lineOf({ atUs, kind, request, backend, value }: TraceEvent, names: LogNames): string {
  const parts = [`${(atUs / 1_000_000).toFixed(6)} s`, KIND_NAMES.get(kind) ?? `kind ${kind}`];
  if (request > 0) parts.push(`request ${request}`);
  if (backend >= 0) parts.push(`backend ${names.backends[backend] ?? backend}`);
  if (kind === EVENT_KIND.arrived) parts.push(`client ${names.clients[value] ?? value}`);
  else parts.push(FAILS.includes(kind) ? (FAILURE_NAMES.get(value) ?? String(value)) : String(value));
  return parts.join('  ');
}
