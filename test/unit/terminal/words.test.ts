import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitWords } from '../../../src/components/terminal/words.ts';

function texts(line: string): string[] {
  return splitWords(line).words.map((word) => word.text);
}

describe('splitting a line', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['  run   5s ', ['run', '5s']],
    [`curl -d '{"id":"s6"}' /backends`, ['curl', '-d', '{"id":"s6"}', '/backends']],
    ['say "a b" c\\ d', ['say', 'a b', 'c d']],
    ['"say \\"hi\\" \\\\ \\n"', ['say "hi" \\ \\n']],
    [`it''s 'a'"b"c`, ['its', 'abc']],
    [`''`, ['']],
  ])('%j', (line, expected) => {
    expect(texts(line)).toEqual(expected);
  });

  test.each([
    [`curl -d '{"id"`, "'"],
    ['say "a', '"'],
    ['say a\\', '\\'],
  ])('says what is left open in %j', (line, open) => {
    expect(splitWords(line).open).toBe(open);
  });

  test('words stand where they say, and single quotes keep any text whole', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        for (const { start, end } of splitWords(line).words) expect(line.slice(start, end)).toMatch(/^\S/);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => text.replaceAll("'", ''))), (words) => {
        expect(texts(words.map((word) => `'${word}'`).join(' '))).toEqual(words);
      }),
    );
  });
});
