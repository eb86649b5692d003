/**
 * The course as it stands: the plan of course.ts and katas/catalog.ts, joined with what is written. A lesson is written when
 * lessons/ has its page, a kata when its folder has a brief; only those have an address.
 */
import { getCollection } from 'astro:content';
import { partTitles, plan, type PlannedLesson } from './course.ts';
import { catalog, type PlannedKata } from '../katas/catalog.ts';
import { href } from './site.ts';

export interface Kata extends PlannedKata {
  /** Undefined while it is not written. */
  readonly href: string | undefined;
}

export interface Lesson extends PlannedLesson {
  /** Undefined while it is not written, as is `minutes`. */
  readonly href: string | undefined;
  readonly minutes: number | undefined;
  /** Those that follow from it. */
  readonly katas: readonly Kata[];
}

export interface Part {
  readonly number: number;
  readonly title: string;
  readonly lessons: readonly Lesson[];
}

const briefs = import.meta.glob('../katas/*/kata.mdx');

export const katas: readonly Kata[] = catalog.map((kata) => ({
  ...kata,
  href: `../katas/${kata.slug}/kata.mdx` in briefs ? href(`katas/${kata.slug}/`) : undefined,
}));

/** All lessons in the order of the course. */
export async function courseLessons(): Promise<Lesson[]> {
  const entries = await getCollection('docs');
  return plan.map((planned) => {
    const page = entries.find((entry) => entry.id === `lessons/${planned.slug}`);
    const data = page?.data.lesson === undefined ? undefined : page.data;
    return {
      ...planned,
      ...(data && { title: data.title, part: data.part, after: data.after.map(lessonNumber) }),
      katas: katas.filter((kata) => kata.after === planned.number),
      minutes: data?.minutes,
      href: data && href(`lessons/${planned.slug}/`),
    };
  });
}

export async function courseParts(): Promise<Part[]> {
  const lessons = await courseLessons();
  return partTitles.map((title, index) => ({
    number: index + 1,
    title,
    lessons: lessons.filter((lesson) => lesson.part === index + 1),
  }));
}

/** `04-round-robin-and-weights` -> 4 */
function lessonNumber(slug: string): number {
  return Number(slug.slice(0, 2));
}
