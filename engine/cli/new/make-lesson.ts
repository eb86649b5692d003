import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withUsage } from '../command.ts';
import { lessonText, questionBank } from './lesson.ts';
import { writeAll } from './write.ts';
import { expectSlug, titleOf } from './words.ts';

const USAGE = 'Usage: npm run new:lesson -- <slug>';

interface Planned {
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  readonly part: number;
  readonly after: readonly number[];
}

/** Writes lessons/NN-<slug> below `root`; answers what to do next. */
export async function makeLesson(root: string, args: readonly string[]): Promise<string> {
  const asked = readArguments(args);
  const { plan } = (await import(pathToFileURL(`${root}src/course.ts`).href)) as { plan: readonly Planned[] };
  const known = plan.find(({ slug }) => slug === asked || slug.slice(3) === asked);
  const planned = known ?? added(asked, plan);
  const { slug } = planned;
  if (existsSync(`${root}lessons/${slug}.mdx`))
    throw new Error(`lessons/${slug}.mdx is there already. ${unwritten(root, plan)}`);

  const after = planned.after.map((number) => plan.find((one) => one.number === number)!.slug);
  const files = new Map([
    [`lessons/${slug}.mdx`, lessonText({ ...planned, after })],
    [`lessons/${slug}.questions.json`, questionBank()],
  ]);
  if (!known) files.set('src/course.ts', withRow(root, planned));
  await writeAll(root, files);
  return next(planned, known !== undefined);
}

function readArguments(args: readonly string[]): string {
  const { positionals } = withUsage(USAGE, () => parseArgs({ args: [...args], allowPositionals: true }));
  const [slug] = positionals;
  if (slug === undefined || positionals.length > 1) throw new Error(USAGE);
  expectSlug(slug, 'latency-aware');
  return slug;
}

/** A lesson that is not in the plan comes last. */
function added(asked: string, plan: readonly Planned[]): Planned {
  const number = plan.length + 1;
  const name = asked.replace(/^\d\d-/, '');
  const slug = `${String(number).padStart(2, '0')}-${name}`;
  if (/^\d\d-/.test(asked) && asked !== slug)
    throw new Error(
      `The slug: found "${asked}"; the plan in src/course.ts has no such lesson, and the next is number ${number}: "${slug}".`,
    );
  return { number, slug, title: titleOf(name), part: plan.at(-1)!.part, after: [] };
}

function withRow(root: string, { number, slug, title, part }: Planned): string {
  const text = readFileSync(`${root}src/course.ts`, 'utf8');
  const row = `  lesson(${number}, '${slug.slice(3)}', '${title}', ${part}, []),`;
  const found = /(export const plan[\s\S]*?)\n\];/.exec(text);
  if (found === null) throw new Error(`src/course.ts: found no list "plan". Add by hand: ${row.trim()}`);
  return text.replace(found[0], `${found[1]!}\n${row}\n];`);
}

function unwritten(root: string, plan: readonly Planned[]): string {
  const slugs = plan.map(({ slug }) => slug).filter((slug) => !existsSync(`${root}lessons/${slug}.mdx`));
  return slugs.length === 0 ? 'Every lesson of the plan is written.' : `Not yet written: ${slugs.join(', ')}.`;
}

function next({ slug, number }: Planned, known: boolean): string {
  return [
    `lessons/${slug}.mdx and lessons/${slug}.questions.json${known ? '' : ', and its row in src/course.ts'}. They build as they are:`,
    '',
    '  npm run check -- --lessons   names each place to fill in',
    `  npm run preview              shows it at /lessons/${slug}/`,
    '',
    `Fill in, beat by beat: hook (one figure, one surprise), worked example, prediction, experiment, questions (8 at least, each option with its why),`,
    `reflection; then the sources in the frontmatter. Its worlds go into engine/scenarios/; figures are numbered ${number}.1, ${number}.2 …`,
    'src/components/lesson/README.md lists the components.',
  ].join('\n');
}
