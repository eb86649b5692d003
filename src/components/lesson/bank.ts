import { z } from 'astro/zod';

/** A bank of check questions: `lessons/<slug>.questions.json`. Read while the site is built. */
const question = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
    question: z.string().min(1),
    options: z
      .array(z.strictObject({ text: z.string().min(1), why: z.string().min(1), correct: z.literal(true).optional() }))
      .min(2)
      .max(6),
  })
  .refine(
    ({ options }) => options.filter(({ correct }) => correct).length === 1,
    'exactly one option with "correct": true',
  );

const bank = z.array(question).min(2);

export type Question = z.output<typeof question>;

/** Throws an error that names file, field, what was found and what was expected. */
export function parseBank(value: unknown, file: string): Question[] {
  const read = bank.safeParse(value);
  if (!read.success) {
    const problems = read.error.issues.map(
      ({ path, message }) => `${file}: ${path.join('.') || 'the document'}: ${message}`,
    );
    throw new Error(problems.join('\n'));
  }
  const ids = read.data.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${file}: the id "${twice}" is there twice. Each question needs its own.`);
  return read.data;
}
