import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { defineCollection } from 'astro:content';
import { plan } from './course.ts';

/** A slug as it stands in an address: `04-round-robin-and-weights`, `least-connections`. */
const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a slug: lower-case letters and digits joined by single hyphens');

const corrections = import.meta.glob<readonly { readonly id: string }[]>('/lessons/corrections.json', {
  eager: true,
  import: 'default',
})['/lessons/corrections.json']!;

const lessonNumbers = plan.map(({ number }) => number);

/** The frontmatter of a lesson, beside Starlight's own `title`. */
const lesson = z.object({
  /** Its number in the plan of the course; the file's name starts with it. */
  lesson: z.literal(lessonNumbers),
  /** The summary under the title and in search results. */
  description: z.string(),
  /** Which part of the course it belongs to, 1 to 6. */
  part: z.int().min(1).max(6),
  /** The lessons to read first, by slug. Shown, never enforced. */
  after: z.array(slug).default([]),
  /** How long it takes to read and do, in minutes. */
  minutes: z.int().min(1).max(90),
  /** What many texts say and this lesson shows to be wrong, or true only at times: ids of lessons/corrections.json. */
  corrects: z.array(z.enum(corrections.map(({ id }) => id))).default([]),
  /** Where its facts come from. */
  sources: z.array(z.object({ title: z.string(), url: z.url() })).default([]),
});

/** What the other pages hand to Starlight: no lesson number. */
const page = z.object({ lesson: z.undefined().optional() });

/** lessons/04-round-robin-and-weights.mdx and lessons/04-…/index.mdx are both /lessons/04-round-robin-and-weights/. */
function lessonId({ entry, data }: { entry: string; data: Record<string, unknown> }): string {
  const name = entry.replace(/(\/index)?\.mdx?$/, '');
  const number = Number(/^(\d\d)-/.exec(name)?.[1]);
  if (data['lesson'] !== number) {
    throw new Error(
      `lessons/${entry}: frontmatter field "lesson" is ${JSON.stringify(data['lesson'])}, and the file's name says ${number}. ` +
        'Name the file NN-slug.mdx and write the same number in both.',
    );
  }
  return `lessons/${name}`;
}

export const collections = {
  docs: defineCollection({
    loader: glob({ base: './lessons', pattern: '**/*.{md,mdx}', generateId: lessonId }),
    schema: docsSchema({
      extend: z.discriminatedUnion('lesson', [lesson, page], { error: `expected a number from 1 to ${plan.length}` }),
    }),
  }),
};
