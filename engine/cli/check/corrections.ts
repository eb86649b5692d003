/** The popular mistakes that the course puts right (lessons/corrections.json), and which lesson says that it does: `corrects` in its frontmatter. */
import { existsSync, readFileSync } from 'node:fs';
import { parseFrontmatter } from '@astrojs/markdown-remark';
import { z } from 'zod';

const FILE = 'lessons/corrections.json';
const CORRECTIONS = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    /** What popular texts say. */
    claim: z.string().min(1),
    right: z.string().min(1),
    /** The number of the lesson that will teach it, while that is not written. */
    later: z.int().min(1).optional(),
  }),
);

/** The ids that a lesson names. */
function correctedIn(root: string, slug: string): string[] {
  const { frontmatter } = parseFrontmatter(readFileSync(`${root}lessons/${slug}.mdx`, 'utf8'));
  const read = z.array(z.string()).safeParse(frontmatter['corrects']);
  return read.success ? read.data : [];
}

/** Each lesson names ids of the file, and each of the file's is taught, or will be by a lesson that is not written yet. */
export function correctionProblems(root: string, slugs: readonly string[]): string[] {
  const read = CORRECTIONS.safeParse(existsSync(root + FILE) ? JSON.parse(readFileSync(root + FILE, 'utf8')) : []);
  if (!read.success)
    return read.error.issues.map(({ path, message }) => `${FILE}: ${path.join('.') || 'the document'}: ${message}.`);
  const known = new Set(read.data.map(({ id }) => id));
  const taught = slugs.map((slug) => ({ slug, ids: correctedIn(root, slug) }));
  const written = new Set(slugs.map((slug) => Number(slug.slice(0, 2))));
  const all = new Set(taught.flatMap(({ ids }) => ids));
  return [
    ...taught.flatMap(({ slug, ids }) =>
      ids
        .filter((id) => !known.has(id))
        .map((id) => `lessons/${slug}.mdx, frontmatter: corrects: found "${id}", expected an id of ${FILE}.`),
    ),
    ...read.data
      .filter(({ id, later }) => !all.has(id) && (later === undefined || written.has(later)))
      .map(({ id, later }) => {
        const where = later === undefined ? 'any lesson' : `lesson ${later}, which is written`;
        return `${FILE}: ${id}: found in no frontmatter, expected in \`corrects\` of ${where}.`;
      }),
  ];
}
