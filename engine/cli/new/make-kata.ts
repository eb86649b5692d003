import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withUsage } from '../command.ts';
import { KINDS, policyKinds } from '../../grade/policy-kinds.ts';
import type { PolicyKind } from '../../grade/policy-kinds.ts';
import { kataFiles } from './kata.ts';
import { writeAll } from './write.ts';
import { expectSlug, titleOf } from './words.ts';

const USAGE = 'Usage: npm run new:kata -- <slug> --policy <kind> [--lesson slug]';

/** The part of katas/catalog.ts and src/course.ts that is needed. */
interface Plan {
  readonly catalog: readonly {
    readonly number: number;
    readonly slug: string;
    readonly title: string;
    readonly policy: string;
    readonly after: number;
  }[];
  readonly plan: readonly { readonly number: number; readonly slug: string }[];
}

/** Writes katas/<slug> below `root`; answers what to do next. */
export async function makeKata(root: string, args: readonly string[]): Promise<string> {
  const { slug, kind, lesson: named } = readArguments(args);
  if (existsSync(`${root}katas/${slug}`)) throw new Error(`katas/${slug} is there already. Choose another slug.`);
  const { catalog, plan } = await readPlan(root);
  const planned = catalog.find((kata) => kata.slug === slug);
  const { contract } = KINDS[kind];
  if (planned && planned.policy !== contract)
    throw new Error(`--policy: katas/catalog.ts plans ${slug} as a ${planned.policy}, and ${kind} is a ${contract}.`);
  const lesson = named ?? plan.find(({ number }) => number === (planned?.after ?? 4))!.slug;
  const after = plan.find((one) => one.slug === lesson)?.number;
  if (after === undefined)
    throw new Error(`--lesson: src/course.ts has no "${lesson}": ${plan.map((one) => one.slug).join(', ')}.`);

  const { number = catalog.length + 1, title = titleOf(slug) } = planned ?? {};
  const files = new Map<string, string>();
  for (const [file, text] of kataFiles({ slug, number, title, kind, lesson })) files.set(`katas/${slug}/${file}`, text);
  if (!planned)
    files.set('katas/catalog.ts', withRow(root, [slug, title, slug, contract, after, 'Fill in: what must hold']));
  await writeAll(root, files);
  return next(slug, files.size, planned !== undefined);
}

function readArguments(args: readonly string[]): { slug: string; kind: PolicyKind; lesson: string | undefined } {
  const options = { policy: { type: 'string' }, lesson: { type: 'string' } } as const;
  const { values, positionals } = withUsage(USAGE, () =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  const [slug] = positionals;
  if (slug === undefined || positionals.length > 1) throw new Error(USAGE);
  expectSlug(slug, 'sticky-cookie');
  const kind = policyKinds.find((one) => one === values.policy);
  if (kind === undefined)
    throw new Error(
      `--policy: found ${values.policy ?? 'nothing'}, expected one of ${policyKinds.join(', ')}.\n${USAGE}`,
    );
  return { slug, kind, lesson: values.lesson };
}

async function readPlan(root: string): Promise<Plan> {
  const load = (file: string): Promise<unknown> => import(pathToFileURL(root + file).href);
  const [catalog, course] = await Promise.all([load('katas/catalog.ts'), load('src/course.ts')]);
  return { ...(catalog as Pick<Plan, 'catalog'>), ...(course as Pick<Plan, 'plan'>) };
}

const GROUP = 'More';
const END = '].map((kata, index)';

/** The catalogue with one more kata, in a group after those of the plan. */
function withRow(root: string, row: readonly (string | number)[]): string {
  const text = readFileSync(`${root}katas/catalog.ts`, 'utf8');
  const at = text.indexOf(END);
  if (at === -1)
    throw new Error(
      `katas/catalog.ts: the list does not end with "${END}" any more. Add ${JSON.stringify(row)} by hand.`,
    );
  const before = text.slice(0, at).trimEnd();
  const open = before.replace(/\]\),$/, '');
  const cells = JSON.stringify(row);
  const list = before.includes(`...group('${GROUP}', [`)
    ? `${open}${cells},\n]),`
    : `${before}\n...group('${GROUP}', [${cells}]),`;
  return `${list}\n${text.slice(at)}`;
}

function next(slug: string, files: number, planned: boolean): string {
  return [
    `${files} files: katas/${slug}${planned ? '' : ' and its row in katas/catalog.ts'}. It runs as it is:`,
    '',
    `  npm run check -- --report --kata ${slug} --seeds 10   tries its promises, and names each place to fill in`,
    `  npm run preview                                    shows it at /katas/${slug}/ with hidden scenarios and mutants`,
    '',
    `Fill in, in this order: checks.ts (what must hold), solution.ts, scenarios/, mutants/ (mistakes that people make), alternatives/,`,
    `kata.mdx and starterFails in it, starter.ts, hints.md. engine/grade/README.md lists checks and options.`,
  ].join('\n');
}
