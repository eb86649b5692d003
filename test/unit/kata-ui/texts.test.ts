import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KINDS } from '../../../engine/grade/policy-kinds.ts';
import type { PolicyKind } from '../../../engine/index.ts';
import { parseHints } from '../../../src/components/kata/hints.ts';
import { parseMisconception } from '../../../src/components/kata/misconceptions.ts';
import { typeTexts } from '../../../src/components/kata/types-text.ts';

const katas = readdirSync('katas', { withFileTypes: true }).filter((entry) => entry.isDirectory());

test.each(katas.map(({ name }) => name))('the help of kata %s can be read', (kata) => {
  const hints = parseHints(readFileSync(`katas/${kata}/hints.md`, 'utf8'), `katas/${kata}/hints.md`);
  const policy = /^policy: (.*)$/m.exec(readFileSync(`katas/${kata}/kata.mdx`, 'utf8'))![1] as PolicyKind;
  for (const call of KINDS[policy].requires) expect(hints.skeleton.code).toContain(`${call}(`);
});

test.each(katas.map(({ name }) => name))('every mutant of kata %s names its misconception', (kata) => {
  for (const file of readdirSync(`katas/${kata}/mutants`)) {
    expect(parseMisconception(readFileSync(`katas/${kata}/mutants/${file}`, 'utf8')), file).toBeDefined();
  }
});

test('hints without a section are refused with the file, what was found and what was expected', () => {
  expect(() => parseHints('## Nudge\n\nLook.\n', 'katas/x/hints.md')).toThrow(
    'katas/x/hints.md: expected a section "## Skeleton" with text, found "## Nudge".',
  );
});

test('a skeleton without code is refused', () => {
  expect(() => parseHints('## Nudge\na\n## Misconception\nb\n## Skeleton\nc', 'h.md')).toThrow(
    'section "## Skeleton": expected a block of code',
  );
});

test('the types beside the editor are those of the engine, without comments', () => {
  const source = readFileSync('engine/core/policy.ts', 'utf8');
  const [picker] = typeTexts('picker', source);
  expect(picker!.code).toMatch(
    /^interface Picker \{\n {2}pick\(backends: Backend\[\], request: Request, ctx: Context\): Backend \| undefined;/,
  );
  for (const { name, code } of typeTexts('health', source)) {
    expect(code, name).not.toContain('/*');
    expect(code, name).toContain(name);
  }
});
