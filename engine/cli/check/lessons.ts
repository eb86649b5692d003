import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseFrontmatter } from '@astrojs/markdown-remark';
import { z } from 'zod';
import { correctionProblems } from './corrections.ts';
import { spellingProblems } from './spelling.ts';
import { unfilled } from './unfilled.ts';

/** What the course asks of a lesson; the site's build reads the rest of its frontmatter. */
export const FRONTMATTER = z.looseObject({
  title: z.string().min(1),
  description: z.string().min(1),
  lesson: z.int().min(1),
  minutes: z.int().min(1),
  corrects: z.array(z.string().min(1)).default([]),
  sources: z.array(z.looseObject({ title: z.string().min(1), url: z.url() })).min(1),
});

const QUESTIONS = z
  .array(
    z.looseObject({
      id: z.string().min(1),
      options: z.array(z.looseObject({ text: z.string().min(1), why: z.string().min(1) })).min(2),
    }),
  )
  .min(8);

/** The beats, which are the anchors of every lesson. */
const BEATS = ['hook', 'worked-example', 'predict', 'experiment', 'check', 'reflect'];
const PAGES = ['/', '/glossary/', '/progress/', '/katas/', '/lab/'];

/** What is wrong with the lessons, and with links and spelling in lessons, briefs and hints; `katas`: those that are written. */
export function lessonProblems(root: string, katas: readonly string[]): string[] {
  const slugs = lessonSlugs(root);
  const known = new Set([
    ...PAGES,
    ...slugs.map((slug) => `/lessons/${slug}/`),
    ...katas.map((slug) => `/katas/${slug}/`),
  ]);
  const texts = [
    ...slugs.map((slug) => `lessons/${slug}.mdx`),
    ...katas.flatMap((slug) => [`katas/${slug}/kata.mdx`, `katas/${slug}/hints.md`]),
  ];
  const banks = [...slugs.map((slug) => `lessons/${slug}.questions.json`), 'src/glossary.ts'];
  return [
    ...slugs.flatMap((slug) => problemsOf(root, slug)),
    ...slugs.flatMap((slug) => unfilled(root, [`lessons/${slug}.mdx`, `lessons/${slug}.questions.json`])),
    ...correctionProblems(root, slugs),
    ...texts.flatMap((file) => linkProblems(file, readFileSync(join(root, file), 'utf8'), known)),
    ...spellingProblems(
      root,
      [...texts, ...banks].filter((file) => existsSync(root + file)),
    ),
  ];
}

/** Of the lessons that are written. */
export function lessonSlugs(root: string): string[] {
  const files = readdirSync(join(root, 'lessons')).filter((file) => file.endsWith('.mdx'));
  return files.map((file) => basename(file, '.mdx')).toSorted();
}

function problemsOf(root: string, slug: string): string[] {
  const file = `lessons/${slug}.mdx`;
  const text = readFileSync(join(root, file), 'utf8');
  const read = FRONTMATTER.safeParse(parseFrontmatter(text).frontmatter);
  const beats = [...text.matchAll(/<Beat name="([a-z-]+)"/g)].map(([, name]) => name);
  const bank = `lessons/${slug}.questions.json`;
  return [
    ...said(`${file}, frontmatter`, read.error),
    ...(beats.join() === BEATS.join()
      ? []
      : [`${file}: beats: found ${beats.join(', ') || 'none'}, expected ${BEATS.join(', ')}.`]),
    ...(existsSync(join(root, bank))
      ? said(bank, QUESTIONS.safeParse(JSON.parse(readFileSync(join(root, bank), 'utf8'))).error)
      : [`${bank}: the file: found nothing, expected at least 8 questions.`]),
  ];
}

function said(file: string, error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).map(({ path, message }) => `${file}: ${path.join('.') || 'the document'}: ${message}.`);
}

/** Links within the site must lead somewhere, and their anchors to a beat; an anchor within the page to a beat or a heading. */
function linkProblems(file: string, text: string, known: ReadonlySet<string>): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|href="([^"]+)"/g)].map((found) => found[1] ?? found[2]!);
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map((found) => slugOf(found[1]!));
  return links.flatMap((link) => {
    const [path = '', anchor] = link.split('#');
    if (path !== '' && !path.startsWith('/')) return [];
    if (path !== '' && !known.has(path.replace(/\/?$/, '/'))) return [`${file}: link: there is no page ${path}.`];
    const anchors = path === '' ? [...BEATS, ...headings] : BEATS;
    const isChecked = anchor !== undefined && (path === '' || path.startsWith('/lessons/'));
    return isChecked && !anchors.includes(anchor) ? [`${file}: link: ${link} has no such anchor.`] : [];
  });
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}
