/**
 * Reads a kata's folder, and says what is wrong with it: the build, the tests and the command line take katas from here.
 *
 *   kata.mdx          the brief; its frontmatter is `FRONTMATTER` below
 *   starter.ts        what the learner begins with: compiles and fails
 *   solution.ts       what a good engineer would be proud of
 *   checks.ts         exports `checks`: what must hold
 *   hints.md          three sections: Nudge, Misconception, Skeleton
 *   scenarios/        visible-1-….json, hidden-1-….json; the scenario's own policy is the reference
 *   mutants/*.ts      plausible wrong solutions; their first comment has @misconception and @fails
 *   alternatives/*.ts other right solutions
 *   equivalent.json   may be missing: small changes of the solution that are right too (mutate/equivalents.ts)
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFrontmatter } from '@astrojs/markdown-remark';
import { z } from 'zod';
import { policyKinds } from '../grade/policy-kinds.ts';
import type { KataScenario, PolicyKind, Suite } from '../grade/kata.ts';
import { VariationError, worldOf } from '../grade/variation.ts';
import { parseScenario } from '../parse.ts';
import { ScenarioError } from '../world/scenario-error.ts';
import { shapeProblems } from '../world/shape-problems.ts';

export interface Kata {
  readonly slug: string;
  readonly title: string;
  readonly number: number;
  readonly policy: PolicyKind;
  /** The title of the failure that the starter must end with. */
  readonly starterFails: string;
  readonly starter: string;
  readonly solution: string;
  /** Visible ones first, each suite in the order of its numbers. */
  readonly scenarios: readonly KataScenario[];
  readonly mutants: readonly Mutant[];
  readonly alternatives: readonly { readonly name: string; readonly source: string }[];
  /** All files that were read. */
  readonly files: readonly string[];
}

export interface Mutant {
  readonly name: string;
  readonly misconception: string;
  /** The title of the failure it must end with, or its beginning. */
  readonly fails: string;
  readonly source: string;
}

/** A folder in katas/ is not a kata. The message holds one line per problem: file, field, what was found, what is expected, how to mend it. */
export class KataError extends Error {
  override name = 'KataError';
}

const FRONTMATTER = z.strictObject({
  title: z.string().min(1),
  number: z.int().min(1),
  policy: z.enum(policyKinds),
  /** The slug of the lesson it follows from. */
  lesson: z.string().regex(/^\d\d-[a-z0-9-]+$/, 'the slug of a lesson, like 04-round-robin-and-weights'),
  starterFails: z.string().min(1),
});

/** What a hidden scenario may say beside its world. */
const AT = { at: z.string().min(1) };
const HIDDEN = z.strictObject({
  /** What the attempt's seed draws: engine/grade/variation.ts. */
  varies: z
    .array(
      z.union([
        z.strictObject({ ...AT, from: z.int(), to: z.int() }).refine(({ from, to }) => from <= to, 'from at most to'),
        z.strictObject({ ...AT, of: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1) }),
        z.strictObject({ ...AT, count: z.tuple([z.int().min(1), z.int().min(1)]) }),
      ]),
    )
    .optional(),
  /** What a learner sees of a failure in it. */
  reveal: z.enum(['full', 'message', 'description', 'points']).optional(),
});

/** Each variation is tried with so many seeds when a kata is read. */
const TRIED = 50;

/** So few make no kata. */
const AT_LEAST = { visible: 3, hidden: 6, mutants: 4, alternatives: 2 } as const;
const FILES = ['kata.mdx', 'starter.ts', 'solution.ts', 'checks.ts', 'hints.md'];
const FOLDERS = ['scenarios', 'mutants', 'alternatives'];
const HINTS = ['Nudge', 'Misconception', 'Skeleton'];

/** The slugs of the katas that are written: the folders of katas/. */
export function kataSlugs(katas: string): string[] {
  return readdirSync(katas, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** Reads katas/<slug>. Throws a KataError that lists every problem of the folder's shape, or a ScenarioError for a scenario in it. */
export function readKataFolder(katas: string, slug: string): Kata {
  const folder = new Folder(join(katas, slug), `katas/${slug}`);
  folder.expectOnly([...FILES, ...FOLDERS, 'equivalent.json']);
  const frontmatter = readFrontmatter(folder);
  const scenarios = readScenarios(folder);
  const mutants = folder.list('mutants', '.ts').map((file) => readMutant(folder, file));
  const alternatives = folder
    .list('alternatives', '.ts')
    .map((file) => ({ name: nameOf(file), source: folder.text(`alternatives/${file}`) }));
  expectHints(folder);
  folder.text('checks.ts');
  const sources = { starter: folder.text('starter.ts'), solution: folder.text('solution.ts') };

  expectAtLeast(folder, 'mutants', mutants.length, 'files in mutants');
  expectAtLeast(folder, 'alternatives', alternatives.length, 'files in alternatives');
  for (const suite of ['visible', 'hidden'] as const) {
    expectAtLeast(folder, suite, scenarios.filter((one) => one.suite === suite).length, `${suite} scenarios`);
  }
  folder.throwProblems();
  return { slug, ...frontmatter!, ...sources, scenarios, mutants, alternatives, files: folder.read };
}

/** Scenarios of somebody else's for a kata: <suite>/<slug>/scenarios, named and checked like its own. */
export function readSuite(suite: string, slug: string): KataScenario[] {
  const folder = new Folder(join(suite, slug), `${suite}/${slug}`);
  const scenarios = readScenarios(folder);
  if (scenarios.length === 0) folder.problem('scenarios', 'files', 'none', 'at least one, such as hidden-1-name.json');
  folder.throwProblems();
  return scenarios;
}

function readFrontmatter(folder: Folder): z.output<typeof FRONTMATTER> | undefined {
  const text = folder.text('kata.mdx');
  if (text === '') return undefined;
  const found: unknown = parseFrontmatter(text).frontmatter;
  const read = FRONTMATTER.safeParse(found);
  if (read.success) return read.data;
  folder.report(
    new ScenarioError(`${folder.name}/kata.mdx, frontmatter`, shapeProblems(read.error.issues, found, FRONTMATTER))
      .message,
  );
  return undefined;
}

function readScenarios(folder: Folder): KataScenario[] {
  const found = folder.list('scenarios', '.json').flatMap((file): KataScenario[] => {
    const match = /^(visible|hidden)-(\d+)-([a-z0-9-]+)\.json$/.exec(file);
    if (match === null) {
      folder.problem(`scenarios/${file}`, 'name', `"${file}"`, 'visible-1-some-name.json or hidden-1-some-name.json');
      return [];
    }
    const [, suite, number, name] = match as unknown as [string, Suite, string, string];
    const document = folder.json(`scenarios/${file}`);
    if (document === undefined) return [];
    const where = `${folder.name}/scenarios/${file}`;
    const { varies, reveal, ...rest } = document as Record<string, unknown>;
    const beside = HIDDEN.safeParse({
      ...(varies !== undefined && { varies }),
      ...(reveal !== undefined && { reveal }),
    });
    if (!beside.success || (suite === 'visible' && (varies !== undefined || reveal !== undefined))) {
      const found = JSON.stringify({ varies, reveal });
      const expected =
        suite === 'visible' ? 'neither, as this one is visible' : 'what engine/grade/README.md says of them';
      folder.problem(`scenarios/${file}`, 'varies, reveal', found, expected);
      return [];
    }
    const scenario = parseScenario(rest, where);
    tryVariations(folder, file, { scenario, varies: beside.data.varies });
    if (scenario.name !== name) {
      folder.problem(`scenarios/${file}`, 'name', `"${scenario.name}"`, `"${name}", as in the file's name`);
    }
    return [{ suite, number: Number(number), scenario, ...beside.data }];
  });
  for (const suite of ['visible', 'hidden'] as const) expectCounted(folder, suite, found);
  const rank = { visible: 0, hidden: 1 };
  return found.toSorted((a, b) => rank[a.suite] - rank[b.suite] || a.number - b.number);
}

/** Whatever the seed draws must be a world. */
function tryVariations(folder: Folder, file: string, test: Pick<KataScenario, 'scenario' | 'varies'>): void {
  if (test.varies === undefined) return;
  for (let seed = 1; seed <= TRIED; seed += 1) {
    try {
      parseScenario(worldOf(test, seed), `${folder.name}/scenarios/${file}, as seed ${seed} draws it`);
    } catch (error) {
      if (!(error instanceof VariationError)) throw error;
      folder.report(`${folder.name}/scenarios/${file}: ${error.message}`);
      return;
    }
  }
}

function expectCounted(folder: Folder, suite: Suite, scenarios: readonly KataScenario[]): void {
  const numbers = scenarios.filter((one) => one.suite === suite).map(({ number }) => number);
  const sorted = numbers.toSorted((a, b) => a - b);
  if (sorted.every((number, place) => number === place + 1)) return;
  folder.problem('scenarios', `numbers of the ${suite} ones`, sorted.join(', '), `1 to ${sorted.length}, each once`);
}

function readMutant(folder: Folder, file: string): Mutant {
  const path = `mutants/${file}`;
  const source = folder.text(path);
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1]?.replace(/^\s*\* ?/gm, '') ?? '';
  const tag = (name: string): string => {
    const value = new RegExp(`@${name} ([^@]+)`).exec(comment)?.[1]?.trim().replace(/\s+/g, ' ') ?? '';
    if (value === '') folder.problem(path, `@${name}`, 'nothing', `a line "@${name} …" in the comment it opens with`);
    return value;
  };
  return { name: nameOf(file), misconception: tag('misconception'), fails: tag('fails'), source };
}

function expectHints(folder: Folder): void {
  const found = [...folder.text('hints.md').matchAll(/^## (.*)$/gm)].map((match) => match[1]);
  if (found.join() === HINTS.join()) return;
  folder.problem(
    'hints.md',
    'headings of second level',
    found.join(', ') || 'none',
    `${HINTS.join(', ')}, in this order`,
  );
}

function expectAtLeast(folder: Folder, what: keyof typeof AT_LEAST, found: number, noun: string): void {
  if (found >= AT_LEAST[what]) return;
  folder.problem('', noun, String(found), `at least ${AT_LEAST[what]}`);
}

function nameOf(file: string): string {
  return file.replace(/\.[a-z]+$/, '');
}

/** Reads files, and keeps what is wrong with them until all is said at once. */
class Folder {
  /** As it is called in messages. */
  readonly name: string;
  readonly read: string[] = [];
  private readonly path: string;
  private readonly problems: string[] = [];

  constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
  }

  /** The text of a file; empty, and a problem, if there is none. */
  text(file: string): string {
    const path = join(this.path, file);
    if (existsSync(path)) {
      this.read.push(path);
      return readFileSync(path, 'utf8');
    }
    this.problem(file, 'the file', 'nothing', 'a file of this name');
    return '';
  }

  /** Undefined, and a problem, if it is no JSON. */
  json(file: string): unknown {
    try {
      return JSON.parse(this.text(file));
    } catch (error) {
      this.problem(file, 'the document', String(error), 'JSON');
      return undefined;
    }
  }

  list(folder: string, ending: string): string[] {
    const path = join(this.path, folder);
    const files = existsSync(path) ? readdirSync(path).toSorted() : [];
    for (const file of files) {
      if (!file.endsWith(ending))
        this.problem(`${folder}/${file}`, 'name', `"${file}"`, `a name that ends with ${ending}`);
    }
    return files.filter((file) => file.endsWith(ending));
  }

  expectOnly(names: readonly string[]): void {
    const strange = readdirSync(this.path).filter((name) => !names.includes(name));
    for (const name of strange) this.problem(name, 'the name', `"${name}"`, `one of ${names.join(', ')}`);
  }

  problem(file: string, field: string, found: string, expected: string): void {
    const where = file === '' ? this.name : `${this.name}/${file}`;
    this.report(`${where}: ${field}: found ${found}, expected ${expected}.`);
  }

  report(text: string): void {
    this.problems.push(text);
  }

  throwProblems(): void {
    if (this.problems.length > 0) throw new KataError([...new Set(this.problems)].join('\n'));
  }
}
