/**
 * Reads what learners handed in: the files of a folder and of the folders in it.
 *
 *   alice.round-robin.ts     code; the kata is that of --kata, else the folder's name, else how the file's name ends
 *   bob.json                 { "kata": "round-robin", "code": "…", "claimed": true }, or `claimed: { passed, total }`, or without
 *   carol.json               progress exported by the site: the last attempt at each kata that passed, else the last, else what stands in the editor
 *
 * Whatever is none of these becomes a submission with a problem: one bad file never stops the others.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';

export interface Submission {
  /** The file, from the folder; of several in one file with the kata behind it. */
  readonly name: string;
  readonly kata: string;
  readonly code: string;
  /** What the learner's browser says came of it. */
  readonly claimed?: boolean;
}

export interface Unreadable {
  readonly name: string;
  readonly kata: string;
  readonly problem: string;
}

/** A progress export holds all attempts; code is far shorter. */
const MOST_BYTES = { '.json': 20_000_000, '.ts': 200_000 } as const;

const CLAIM = z.union([z.boolean(), z.object({ passed: z.int().min(0), total: z.int().min(1) })]);
const SINGLE = z.strictObject({ kata: z.string(), code: z.string().max(MOST_BYTES['.ts']), claimed: CLAIM.optional() });
const EXPORT = z.looseObject({
  format: z.literal('ballast-progress'),
  attempts: z
    .array(z.looseObject({ kata: z.string(), source: z.string(), passed: z.boolean(), atIso: z.string() }))
    .default([]),
  sources: z.array(z.looseObject({ kata: z.string(), source: z.string() })).default([]),
});

export function readSubmissions(
  folder: string,
  katas: readonly string[],
  kata: string | undefined,
): (Submission | Unreadable)[] {
  return filesIn(folder).flatMap((path) => {
    const name = relative(folder, path);
    try {
      return read(path, name, katas, kata);
    } catch (error) {
      return [{ name, kata: kata ?? '', problem: (error as Error).message }];
    }
  });
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      // A folder that is called like a file is a file that is none.
      return entry.isDirectory() && !/\.(ts|json)$/.test(entry.name) ? filesIn(path) : [path];
    });
}

function read(
  path: string,
  name: string,
  katas: readonly string[],
  kata: string | undefined,
): (Submission | Unreadable)[] {
  const kind = /\.(ts|json)$/.exec(name)?.[0] as keyof typeof MOST_BYTES | undefined;
  if (kind === undefined) throw new Error('is neither .ts nor .json.');
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error('is not a file.');
  if (stat.size > MOST_BYTES[kind]) throw new Error(`has ${stat.size} bytes, at most ${MOST_BYTES[kind]} are read.`);
  const text = readFileSync(path, 'utf8');
  if (kind === '.ts') return [{ name, kata: kata ?? kataOf(path, katas), code: text }];
  const all = fromJson(name, text);
  return kata === undefined ? all : all.filter((one) => one.kata === kata);
}

function kataOf(path: string, katas: readonly string[]): string {
  const folder = basename(dirname(path));
  if (katas.includes(folder)) return folder;
  const file = basename(path, '.ts');
  const named = katas.filter((slug) => file === slug || new RegExp(`[^a-z0-9-]${slug}$`).test(file));
  if (named.length > 0) return named.toSorted((a, b) => b.length - a.length)[0]!;
  throw new Error('names no kata: call it alice.round-robin.ts, put it into a folder round-robin, or give --kata.');
}

function fromJson(name: string, text: string): Submission[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON (${(error as Error).message.slice(0, 80)}).`, { cause: error });
  }
  const exported = EXPORT.safeParse(found);
  if (exported.success) return fromExport(name, exported.data);
  const isExport = (found as { format?: unknown } | null)?.format === 'ballast-progress';
  const single = SINGLE.safeParse(found);
  if (single.success) {
    const { claimed, ...rest } = single.data;
    if (claimed === undefined) return [{ name, ...rest }];
    return [{ name, ...rest, claimed: typeof claimed === 'boolean' ? claimed : claimed.passed === claimed.total }];
  }
  const [issue] = (isExport ? exported.error : single.error).issues;
  const where = issue!.path.join('.');
  throw new Error(`is no submission and no exported progress: ${where === '' ? '' : `${where}: `}${issue!.message}.`);
}

function fromExport(name: string, { attempts, sources }: z.output<typeof EXPORT>): Submission[] {
  const katas = [...new Set([...attempts, ...sources].map(({ kata }) => kata))].toSorted();
  if (katas.length === 0) throw new Error('is exported progress without an attempt at any kata.');
  return katas.map((kata) => {
    const tried = attempts.filter((one) => one.kata === kata).toSorted((a, b) => (a.atIso < b.atIso ? -1 : 1));
    const best = tried.findLast(({ passed }) => passed) ?? tried.at(-1);
    const label = `${name} (${kata})`;
    if (best !== undefined) return { name: label, kata, code: best.source, claimed: best.passed };
    return { name: label, kata, code: sources.findLast((one) => one.kata === kata)!.source };
  });
}
