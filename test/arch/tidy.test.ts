/** Small rules of this repository that no tool has. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { healthNames, pickerNames } from '../../engine/index.ts';

const root = new URL('../..', import.meta.url).pathname;

const skipped = /^(node_modules|dist|\.astro|\.git|\.vite|coverage|test-results|playwright-report)(\/|$)/;

/** Every file of the repository, by its path from the root. */
function files(folder = ''): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name;
    if (skipped.test(path)) return [];
    return entry.isDirectory() ? files(`${path}/`) : [path];
  });
}

const all = files();
const read = (path: string) => readFileSync(root + path, 'utf8');

test('the top level holds what the README maps, what tools insist on, and nothing else', () => {
  const allowed = (
    'package.json astro.config.mjs src lessons katas engine public test README.md ' +
    'package-lock.json LICENSE tsconfig.json'
  ).split(' ');
  const found = new Set(all.map((path) => path.replace(/\/.*/, '')));
  expect([...found].filter((name) => !name.startsWith('.') && !allowed.includes(name))).toEqual([]);
});

describe('source files stay readable', () => {
  const limit = 400;
  /** Lists of things rather than code. */
  const data = ['src/glossary.ts'];

  test(`no file of engine/ or src/ is longer than ${limit} lines`, () => {
    const source = all.filter((path) => /^(engine|src)\/.*\.(ts|tsx|astro)$/.test(path) && !data.includes(path));
    const tooLong = source
      .map((path) => ({ path, lines: read(path).split('\n').length - 1 }))
      .filter(({ lines }) => lines > limit);
    expect(tooLong).toEqual([]);
  });

  test('every policy opens with its header: definition, cost, when it fails, source', () => {
    const imported = [...read('engine/registry.ts').matchAll(/from '\.\/((?:pickers|health|traffic)\/.*\.ts)'/g)];
    // A policy has a name that scenarios know it by; the rest are words and numbers that several share.
    const names = new Set([...pickerNames, ...healthNames]);
    const policies = imported
      .map(([, path]) => `engine/${path!}`)
      .filter((path) => names.has(path.replace(/.*\/|\.ts$/g, '')));
    expect(policies.length).toBeGreaterThan(30);
    const bare = policies.filter((path) => !/^\/\*\*\n( \*.*\n){3,}/.test(read(path)));
    expect(bare).toEqual([]);
  });
});

describe('words that do not belong in the repository', () => {
  const text = all.filter((path) => /\.(ts|tsx|js|cjs|mjs|astro|css|md|mdx|json|yml|html)$/.test(path));

  test.each([
    ['unfinished work', /\b(TO[D]O|FIX[M]E|X{3})\b/],
    ['a path of one machine', /(^|[\s'"`(])\/(work|home|root|Users)\//],
    ['a test that silences the others', /\b(test|it|describe)\.on[l]y\(/],
    ['a merge conflict', /^(<{7}|>{7}) /m],
  ])('%s', (_, word) => {
    expect(text.filter((path) => word.test(read(path)))).toEqual([]);
  });

  test('a registry in the lockfile, which must install from any', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });
});

test('every scenario of the library has a test that it shows what its sentence says', () => {
  const texts = all.filter((path) => /^test\/conformance\/.*scenarios\.test\.ts$/.test(path)).map(read);
  const shown = new Set(texts.flatMap((text) => [...text.matchAll(/\bshows\('([^']+)'/g)].map(([, name]) => name)));
  const names = all.flatMap((path) => /^engine\/scenarios\/(.+)\.json$/.exec(path)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !shown.has(name))).toEqual([]);
});
