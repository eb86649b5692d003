/** What each lesson holds, as a row of a table: `npm run check -- --report`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseFrontmatter } from '@astrojs/markdown-remark';
import { FRONTMATTER } from './lessons.ts';

/** As `reportOnLesson` fills them. */
export const LESSON_HEAD = ['lesson', 'beats', 'figures', 'questions', 'words', 'reading, min', 'minutes', 'page, kB'];

/** Components that show something and have a number or a caption of their own. */
const FIGURES = /<(Figure|Stepper|Outcomes|Curve|KeysMoved|DetectionWindows|Diagram)\s/g;

/** Words a minute in silent reading of English non-fiction: Brysbaert, Journal of Memory and Language 109 (2019). */
const WORDS_A_MINUTE = 238;

export interface LessonReport {
  /** Under LESSON_HEAD. */
  readonly row: readonly string[];
  /** The ids (lessons/corrections.json) of what it corrects. */
  readonly corrects: readonly string[];
}

/** `minutes` is what its author says that reading and doing take, `reading, min` what its words take. */
export function reportOnLesson(root: string, slug: string): LessonReport {
  const text = readFileSync(join(root, `lessons/${slug}.mdx`), 'utf8');
  const questions = JSON.parse(readFileSync(join(root, `lessons/${slug}.questions.json`), 'utf8')) as unknown[];
  const { minutes, corrects } = FRONTMATTER.parse(parseFrontmatter(text).frontmatter);
  const words = wordsIn(text);
  const bytes = bytesBeforeInteraction(`${root}dist`, `lessons/${slug}`);
  const counts = [count(text, /<Beat\s/g), count(text, FIGURES), questions.length, words];
  return {
    row: [
      slug,
      ...counts.map(String),
      (words / WORDS_A_MINUTE).toFixed(1),
      String(minutes),
      bytes === undefined ? 'not built' : (bytes / 1000).toFixed(0),
    ],
    corrects,
  };
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Of sentences: without frontmatter, comments, components and what their props say. */
function wordsIn(text: string): number {
  const prose = parseFrontmatter(text)
    .content.replace(/\{\/\*.*?\*\/\}/gs, '')
    .replace(/<\/?[A-Z][a-zA-Z]*(?:[^>{]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*>/g, ' ');
  return count(prose, /\p{L}[\p{L}\p{N}’'-]*/gu);
}

/**
 * What a page of the built site transfers before anybody touches it, compressed with gzip: its document, its styles, and its scripts with all that these import at
 * once, islands that load when they come into view among them. Fonts and pictures are not counted. Undefined if the site is not built.
 */
export function bytesBeforeInteraction(dist: string, page: string): number | undefined {
  const document = join(dist, page, 'index.html');
  if (!existsSync(document)) return undefined;
  const html = readFileSync(document, 'utf8');
  const files = new Set<string>();
  const take = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    if (!file.endsWith('.js')) return;
    for (const [, imported] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT))
      take(join(dist, '_astro', imported!));
  };
  for (const [, name] of html.matchAll(/\/_astro\/([^"'?#]+\.(?:css|js))\b/g)) take(join(dist, '_astro', name!));
  const bodies = [html, ...[...files].map((file) => readFileSync(file, 'utf8'))];
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
}

/** `import … from "./a.js"`, `import "./a.js"` and `export … from "./a.js"`, as bundlers write them: not `import("./a.js")`. */
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g;
