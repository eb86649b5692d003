import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesBeforeInteraction, reportOnLesson } from '../../../engine/cli/check/lesson-report.ts';

let root: string;

beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'lesson-report-'))}/`;
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
}

const LESSON = `---
title: Turns
description: Who is next.
lesson: 1
minutes: 7
corrects: ['Equal turns are equal load']
sources: [{ title: A book, url: 'https://example.org/' }]
---

<Beat name="hook">

{/* Nobody reads this. */}

Four words stand here. <Figure scenario="turns" caption="And none of these" set={{ '/a': { b: 1 } }} />

</Beat>
`;

test('the report on a lesson counts what it holds, and words of its sentences only', () => {
  write('lessons/01-turns.mdx', LESSON);
  write('lessons/01-turns.questions.json', '[{}, {}]');
  expect(reportOnLesson(root, '01-turns')).toEqual({
    row: ['01-turns', '1', '1', '2', '4', '0.0', '7', 'not built'],
    corrects: ['Equal turns are equal load'],
  });
});

describe('the bytes of a page before interaction', () => {
  const styles = 'a { color: red }';
  const island = 'import{a}from"./shared.js";import("./later.js");';
  const shared = 'export const a = 1;';
  const html =
    '<link href="/base/_astro/page.css"><astro-island component-url="/base/_astro/island.js" renderer-url="/base/_astro/shared.js">';

  test('are those of the document, its styles, and its scripts with what they import at once', () => {
    write('dist/lessons/01-turns/index.html', html);
    write('dist/_astro/page.css', styles);
    write('dist/_astro/island.js', island);
    write('dist/_astro/shared.js', shared);
    const expected = [html, styles, island, shared].reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(bytesBeforeInteraction(`${root}dist`, 'lessons/01-turns')).toBe(expected);
  });

  test('are not known before the site is built', () => {
    expect(bytesBeforeInteraction(`${root}dist`, 'lessons/01-turns')).toBeUndefined();
  });
});
