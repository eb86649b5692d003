/** A class that hands in all there is: right and wrong solutions of the katas, and what should never have been handed in. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';

const katas = new URL('../../../katas', import.meta.url).pathname;

/** As few scenarios as catch every mutant, so that fifty take seconds. */
export const SUITES = {
  'round-robin': ['hidden-1-rolling-deploy', 'hidden-5-restless-pool', 'hidden-7-twenty-backends'],
  'health-hysteresis': ['hidden-6-hesitant-return', 'visible-2-alternating-probes', 'hidden-9-far-away-and-every-way'],
} as const;

export interface HandedIn {
  readonly result: 'passed' | 'failed' | 'unreadable';
  /** What the first failure begins with. */
  readonly failure?: string;
  readonly disagrees?: boolean;
}

const picker = (body: string, before = ''): string =>
  `import type { Picker } from 'ballast';\n${before}\nexport default function make(): Picker {\n  return {\n    pick(backends, _request, ctx) {\n${body}\n    },\n  };\n}\n`;

/** Files of the round-robin kata that mean harm, or are none. */
const HOSTILE: Readonly<Record<string, readonly [source: string, failure: string]>> = {
  'syntax.ts': ['export default function (', 'Does not compile'],
  'empty.ts': ['', 'Does not compile'],
  'no-export.ts': ['const x = 1;', 'Does not compile'],
  'wrong-export.ts': ['export default 7;', 'Does not compile'],
  'network.ts': [picker("fetch('http://example.org'); return backends[0];"), 'Does not compile'],
  'file-system.ts': [`import { readFileSync } from 'node:fs';\n${picker('return backends[0];')}`, 'Does not compile'],
  'any-export.ts': ['export default (() => 7) as any;', 'Wrong answer: the default export'],
  'endless-loop.ts': [picker('while (true) {}'), 'Ran too long'],
  'endless-at-load.ts': [picker('return backends[0];', 'for (;;) {}'), 'Ran too long'],
  'recursion.ts': [
    picker('return again(backends[0]);', 'function again<T>(x: T): T { return again(x); }'),
    'Ran too long',
  ],
  'doubling.ts': [
    picker("let text = 'xxxxxxxxxxxxxxxx'; for (;;) text += text; return backends[0];"),
    'Too much memory',
  ],
  'hoarder.ts': [
    picker(
      'for (let i = 0; i < 150000; i += 1) kept.push([i, i, i, i, i, i, i, i, i, i].concat([1])); return backends[0];',
      'const kept: unknown[] = [];',
    ),
    'Too much memory',
  ],
  'throws.ts': [picker("throw new Error('no');"), 'Threw: pick() ended with an error'],
  'throws-odd.ts': [picker('throw { get message() { throw 1; }, get stack() { throw 2; } };'), 'Threw: pick()'],
  'promise.ts': [picker('return (async () => backends[0])() as any;'), 'Wrong answer: pick() returned a promise'],
  'stranger.ts': [picker("return { id: 'mine' } as any;"), 'Wrong answer: pick() returned something'],
  'process.ts': [picker('(globalThis as any).process.exit(0); return backends[0];'), 'Threw: pick()'],
  'forged-kernel.ts': [
    picker('return backends[0];', "(globalThis as any).JSON = { stringify: () => '{}', parse: () => ({}) };"),
    'Threw: your file',
  ],
};

/** Writes the class, and answers what each must get by the name it has in the marks. */
export function handIn(folder: string): Map<string, HandedIn> {
  const expected = new Map<string, HandedIn>();
  const write = (name: string, text: string, what: HandedIn): void => {
    writeFileSync(join(folder, name), text);
    expected.set(name, what);
  };
  for (const slug of Object.keys(SUITES)) handInKata(slug, write);
  for (const [name, [source, failure]] of Object.entries(HOSTILE)) {
    write(name.replace('.ts', '.round-robin.ts'), source, { result: 'failed', failure });
  }
  const { solution, starter } = readKataFolder(katas, 'round-robin');
  const json = (value: object): string => JSON.stringify({ kata: 'round-robin', ...value });
  write('honest.json', json({ code: solution, claimed: true }), { result: 'passed' });
  write('boaster.json', json({ code: starter, claimed: { passed: 10, total: 10 } }), {
    result: 'failed',
    disagrees: true,
  });
  write('modest.json', json({ code: solution, claimed: { passed: 3, total: 10 } }), {
    result: 'passed',
    disagrees: true,
  });
  write('torn.json', '{ "kata": "round-', { result: 'unreadable' });
  write('other.json', '{ "hello": 1 }', { result: 'unreadable' });
  write('unknown.json', JSON.stringify({ kata: 'nothing', code: '' }), { result: 'unreadable' });
  write('notes.txt', 'I will do it tomorrow.', { result: 'unreadable' });
  write('nameless.ts', solution, { result: 'unreadable' });
  writeExport(folder, expected, solution, starter);
  mkdirSync(join(folder, 'folder.round-robin.ts'));
  expected.set('folder.round-robin.ts', { result: 'unreadable' });
  symlinkSync(join(folder, 'gone'), join(folder, 'link.round-robin.ts'));
  expected.set('link.round-robin.ts', { result: 'unreadable' });
  return expected;
}

function handInKata(slug: string, write: (name: string, text: string, what: HandedIn) => void): void {
  const { solution, starter, alternatives, mutants } = readKataFolder(katas, slug);
  write(`solution.${slug}.ts`, solution, { result: 'passed' });
  write(`starter.${slug}.ts`, starter, { result: 'failed' });
  for (const { name, source } of alternatives) write(`${name}.${slug}.ts`, source, { result: 'passed' });
  for (const { name, source } of mutants) write(`${name}.${slug}.ts`, source, { result: 'failed' });
}

/** Exported progress: a wrong attempt, then a right one. */
function writeExport(folder: string, expected: Map<string, HandedIn>, right: string, wrong: string): void {
  const score = { passed: 1, total: 3 };
  const attempt = (source: string, passed: boolean, at: string): object => {
    return { kata: 'round-robin', source, passed, visible: score, atIso: `2026-01-0${at}T00:00:00.000Z` };
  };
  const attempts = [attempt(wrong, false, '1'), attempt(right, true, '2'), attempt(wrong, false, '3')];
  const file = { format: 'ballast-progress', version: 1, exportedIso: '2026-01-04T00:00:00.000Z', attempts };
  writeFileSync(join(folder, 'exported.json'), JSON.stringify(file));
  expected.set('exported.json (round-robin)', { result: 'passed' });
}
