/**
 * The claims of a lesson's numbers, tried with other seeds than the one whose run is shown: a sentence that holds for one seed alone is luck. Read from the
 * text of the lesson, as `<Measure>` and the rows of `<Outcomes>` make them.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { measure, policiesFor, Simulation } from '../../index.ts';
import type { Query } from '../../index.ts';
import { parseScenario } from '../../parse.ts';

/** What a component asks and claims; src/components/lesson/README.md says what each prop means. */
type Asked = Omit<Query, 'fromUs' | 'toUs'> & {
  readonly scenario: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly from?: string | number;
  readonly to?: string | number;
  readonly over?: Partial<Asked>;
  readonly format?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly between?: readonly [number, number];
};

type Row = Pick<Asked, 'set'>;

/** How the site writes and judges numbers; its components use the same. */
interface SiteRules {
  readonly withFields: (document: unknown, fields: Readonly<Record<string, unknown>>) => unknown;
  readonly inClaimUnit: (value: number, metric: string, format?: string) => number;
  readonly claimProblem: (value: number, bounds: readonly [number, number]) => string | undefined;
}

/** Those that run a scenario of the library. */
const COMPONENT = /<(Measure|Outcomes|Figure|Predict|Curve)\s/g;

/** A line for each claim of the lesson that does not hold with all seeds from 1 to `seeds`. */
export async function claimProblems(root: string, lesson: string, seeds: number): Promise<string[]> {
  const rules = await siteRules(root);
  const claims = claimsIn(readFileSync(`${root}lessons/${lesson}.mdx`, 'utf8'));
  const failures = claims.map((): string[] => []);
  for (let seed = 1; seed <= seeds; seed += 1) {
    const runs = new Map<string, Simulation>();
    for (const [at, { asked }] of claims.entries()) {
      const { atLeast = -Infinity, atMost = Infinity, between = [atLeast, atMost] } = asked;
      const own = answer(root, asked, seed, runs, rules);
      const value = asked.over ? own / answer(root, { ...asked, ...asked.over }, seed, runs, rules) : own;
      const shown = asked.format ?? (asked.over ? 'times' : undefined);
      const problem = rules.claimProblem(rules.inClaimUnit(value, asked.metric, shown), between);
      if (problem !== undefined) failures[at]!.push(`with seed ${seed} it ${problem}`);
    }
  }
  return claims.flatMap(({ line, asked: { scenario, metric } }, at) => {
    const [first] = failures[at]!;
    if (first === undefined) return [];
    const held = `holds with ${seeds - failures[at]!.length} of ${seeds} seeds`;
    return [`lessons/${lesson}.mdx, line ${line}: the claim on ${metric} of ${scenario} ${held}; ${first}`];
  });
}

async function siteRules(root: string): Promise<SiteRules> {
  const load = (file: string): Promise<object> => import(pathToFileURL(`${root}src/components/lesson/${file}`).href);
  return { ...(await load('knob.ts')), ...(await load('measured.ts')) } as SiteRules;
}

/** All questions that claim something, with the line they stand in. */
export function claimsIn(text: string): { readonly line: number; readonly asked: Asked }[] {
  return componentsIn(text).flatMap(({ name, line, props: { rows = [{}], ...props } }) => {
    const questions = (name === 'Outcomes' ? rows : [{}]).map(
      (row) => ({ ...props, ...row, set: { ...props.set, ...row.set } }) as Asked,
    );
    const claims = questions.filter((asked) => 'atLeast' in asked || 'atMost' in asked || 'between' in asked);
    return name === 'Measure' || name === 'Outcomes' ? claims.map((asked) => ({ line, asked })) : [];
  });
}

interface Component {
  readonly name: string;
  readonly line: number;
  readonly props: Row & { readonly scenario: string; readonly rows?: readonly Row[]; readonly knob?: unknown };
}

/** The components of a lesson that run scenarios, with their props as they are written. */
export function componentsIn(text: string): Component[] {
  return [...text.matchAll(COMPONENT)].map(({ 0: opening, 1: name, index }) => ({
    name: name!,
    line: text.slice(0, index).split('\n').length,
    props: propsAt(text, index + opening.length) as unknown as Component['props'],
  }));
}

/** The props of a component from `at` on: texts and expressions without names, up to the end of its tag. */
function propsAt(text: string, at: number): Record<string, unknown> {
  const props: Record<string, unknown> = {};
  const prop = /\s*([a-zA-Z]+)(?:=("[^"]*"|\{))?/y;
  prop.lastIndex = at;
  for (let found = prop.exec(text); found !== null; found = prop.exec(text)) {
    const [, name, value] = found as unknown as [string, string, string | undefined];
    if (value === '{') {
      const end = closing(text, prop.lastIndex);
      props[name] = runInNewContext(`(${text.slice(prop.lastIndex, end)})`);
      prop.lastIndex = end + 1;
    } else props[name] = value === undefined ? true : value.slice(1, -1);
  }
  return props;
}

/** Where the brace ends that was opened before `from`; braces in texts do not count. */
function closing(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at]!;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (`'"\``.includes(char)) quote = char;
    else if (char === '{') depth += 1;
    else if (char === '}' && (depth -= 1) === 0) return at;
  }
  throw new Error(`A brace is opened at character ${from} and never closed.`);
}

function answer(root: string, asked: Asked, seed: number, runs: Map<string, Simulation>, rules: SiteRules): number {
  const { scenario: name, set = {}, from, to, ...query } = asked;
  const key = JSON.stringify([name, set]);
  let run = runs.get(key);
  if (run === undefined) {
    const path = `engine/scenarios/${name}.json`;
    const written = parseScenario(JSON.parse(readFileSync(root + path, 'utf8')), path);
    const scenario = parseScenario(rules.withFields(written, set), `${path} with ${JSON.stringify(set)}`);
    run = new Simulation(scenario, policiesFor(scenario), { seed });
    run.runToEnd();
    runs.set(key, run);
  }
  return measure(run.log, {
    ...query,
    ...(from !== undefined && { fromUs: toUs(from) }),
    ...(to !== undefined && { toUs: toUs(to) }),
  });
}

const UNIT_US: Readonly<Record<string, number>> = { s: 1_000_000, ms: 1000, us: 1, µs: 1 };

/** As durationUs of the site's build.ts, which has checked it. */
function toUs(time: string | number): number {
  if (typeof time === 'number') return time;
  const [, number, unit] = /^([\d.]+)\s*(\S+)$/.exec(time.trim())!;
  return Math.round(Number(number) * UNIT_US[unit!]!);
}
