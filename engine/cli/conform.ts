/**
 * npm run conform -- <files or folders>
 *
 * Replays recordings of real balancers and published vectors against the engine: a line per file, under it the rows that differ and those that do not
 * apply, and a last line that counts. A file named twice is read once. Ends with 1 if anything differs or cannot be read, with 2 if nothing was asked.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findingsOf } from './conform/conformance.ts';
import type { Row } from './conform/conformance.ts';
import type { Finding } from './conform/finding.ts';

const LONGEST = 300;
const asked = process.argv.slice(2);
if (asked.length === 0) {
  console.error('Say which files or folders: npm run conform -- <files or folders>');
  process.exitCode = 2;
}

const counts: Record<Finding['is'], number> = { matched: 0, differing: 0, 'not applicable': 0 };
let unreadable = 0;
const done = new Set<string>();
for (const path of asked) {
  const files = filesOf(path);
  if (files.length === 0) {
    unreadable++;
    console.log(`${path}: there are no JSON files in this folder`);
  }
  for (const file of files) {
    if (!done.has(resolve(file))) read(file);
    done.add(resolve(file));
  }
}
console.log(`matched ${counts.matched}, differing ${counts.differing}, not applicable ${counts['not applicable']}`);
if (counts.differing + unreadable > 0) process.exitCode = 1;

function read(path: string): void {
  try {
    report(path, findingsOf(basename(path), JSON.parse(readFileSync(path, 'utf8'))));
  } catch (error) {
    unreadable++;
    console.log(`${path}: cannot be read: ${said(error)}`);
  }
}

function said(error: unknown): string {
  if (error instanceof SyntaxError) return `it is no JSON (${error.message.replaceAll('\n', ' ')})`;
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'there is no such file or folder';
  return error instanceof Error ? error.message : String(error);
}

/** The JSON files of a folder and of those in it, by name; or the file itself. */
function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch {
    return [path];
  }
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter((entry) => entry.endsWith('.json') || statSync(entry).isDirectory())
    .flatMap(filesOf);
}

function report(path: string, rows: readonly Row[]): void {
  const of = (is: Finding['is']) => rows.filter(({ finding }) => finding.is === is).length;
  console.log(
    `${path}: matched ${of('matched')}, differing ${of('differing')}, not applicable ${of('not applicable')}`,
  );
  for (const { id, finding } of rows) {
    counts[finding.is]++;
    if (finding.is === 'not applicable') console.log(`  ${id}: not applicable: ${finding.reason}`);
    if (finding.is === 'differing') {
      console.log(
        `  ${id}: differs at ${finding.where}: expected ${shown(finding.expected)}, got ${shown(finding.got)}`,
      );
    }
  }
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
