/**
 * Progress as a file: what `exportAll` writes and `importAll` reads. Loaded only when one of them is asked for,
 * because it brings zod along.
 */
import { z } from 'zod';
import { beats, kataStates, keyOf, storeNames, type Records, type StoreName } from './records.ts';
import type { Shelf } from './shelf.ts';

const formatName = 'ballast-progress';
/** Raise it with the shape of the records, and read the older shapes too. */
const formatVersion = 1;

/** What became of each record of a file. */
export interface ImportReport {
  /** Now stored. */
  readonly kept: number;
  /** Left alone because what is here is as new or newer. */
  readonly alreadyHere: number;
  /** What could not be kept, each with its place in the file and the reason; sentences for the learner. */
  readonly refused: readonly string[];
}

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a slug such as "round-robin"');
const iso = z.iso.datetime({ error: 'expected a time such as "2025-03-01T09:30:00.000Z"' });
const score = z.object({ passed: z.int().min(0), total: z.int().min(0) });

const schemas = {
  beats: z.object({ lesson: slug, beat: z.enum(beats), atIso: iso }),
  predictions: z.object({
    lesson: slug,
    id: z.string().min(1),
    value: z.union([z.number(), z.string(), z.null()]),
    unit: z.string().optional(),
    why: z.string(),
    declined: z.boolean(),
    atIso: iso,
  }),
  answers: z.object({ lesson: slug, question: z.string().min(1), option: z.int().min(0), atIso: iso }),
  sources: z.object({ kata: slug, source: z.string(), helped: z.boolean().optional(), atIso: iso }),
  attempts: z.object({
    kata: slug,
    source: z.string(),
    passed: z.boolean(),
    visible: score,
    hidden: score.optional(),
    failure: z.string().optional(),
    atIso: iso,
  }),
  states: z.object({ kata: slug, state: z.enum(kataStates), atIso: iso }),
  reviews: z.object({
    id: z.string().min(1),
    kind: z.enum(['lesson', 'kata']),
    slug,
    question: z.string().min(1),
    answer: z.string().optional(),
    dueIso: iso,
    step: z.int().min(0),
    atIso: iso,
  }),
  places: z.object({ lesson: slug, beat: z.enum(beats), atIso: iso }),
} satisfies { [S in StoreName]: z.ZodType<Records[S]> };

const envelope = z.looseObject({ format: z.literal(formatName), version: z.int().min(1) });

export async function writeFile(shelf: Shelf, exportedIso: string): Promise<string> {
  const stores: Partial<Record<StoreName, unknown>> = {};
  for (const store of storeNames) stores[store] = await shelf.all(store);
  return `${JSON.stringify({ format: formatName, version: formatVersion, exportedIso, ...stores }, null, 2)}\n`;
}

export async function readFile(shelf: Shelf, text: string): Promise<ImportReport> {
  const file = openEnvelope(text);
  if (typeof file === 'string') return { kept: 0, alreadyHere: 0, refused: [file] };

  let kept = 0;
  let alreadyHere = 0;
  const refused: string[] = [];
  for (const store of storeNames) {
    const records = file[store] ?? [];
    if (!Array.isArray(records)) {
      refused.push(`"${store}": expected a list, found ${describe(records)}. Nothing of it was kept.`);
      continue;
    }
    for (const [index, value] of records.entries()) {
      const parsed = schemas[store].safeParse(value);
      if (!parsed.success) {
        refused.push(`${store}, entry ${index + 1}: ${firstIssue(parsed.error, value)}`);
      } else if (await keepIfNewer(shelf, store, parsed.data)) {
        kept += 1;
      } else {
        alreadyHere += 1;
      }
    }
  }
  for (const name of Object.keys(file)) {
    if (!['format', 'version', 'exportedIso', ...storeNames].includes(name))
      refused.push(`"${name}": this version of the site does not know what that is.`);
  }
  return { kept, alreadyHere, refused };
}

/** The file as an object, or the sentence that says why it is none of ours. */
function openEnvelope(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This file is not JSON (${(error as Error).message}). Choose a file that the Export button has written.`;
  }
  const parsed = envelope.safeParse(value);
  if (!parsed.success) {
    return `This is not an export of Ballast: ${firstIssue(parsed.error, value)}. Choose a file that the Export button has written.`;
  }
  if (parsed.data.version > formatVersion) {
    return `This file was written by a newer version of the site (format ${parsed.data.version}; this page reads up to ${formatVersion}). Reload the page and import it again.`;
  }
  return parsed.data;
}

async function keepIfNewer<S extends StoreName>(shelf: Shelf, store: S, record: Records[S]): Promise<boolean> {
  const here = await shelf.get(store, keyOf(store, record));
  if (here && here.atIso >= record.atIso) return false;
  await shelf.put(store, record);
  return true;
}

/** For example: `beat: found "intro", expected one of "hook"|"worked-example"…`. */
function firstIssue(error: z.ZodError, value: unknown): string {
  const issue = error.issues[0]!;
  const found = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key],
    value,
  );
  const where = issue.path.length > 0 ? `field "${issue.path.join('.')}", ` : '';
  return `${where}found ${describe(found)}: ${issue.message.replace(/^Invalid (input|option): /, '')}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
