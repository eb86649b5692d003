/** The Judge's thread, with every kata's scenarios and checks at hand. */
import * as Comlink from 'comlink';
import { katas } from 'virtual:ballast-katas';
import type { Check } from '../../engine/index.ts';
import { Judge, type JudgedKata } from '../../engine/worker/judge.ts';

const checks = import.meta.glob<readonly Check[]>('../../katas/*/checks.ts', { import: 'checks' });
const loaded = new Map<string, Promise<JudgedKata>>();

async function load(slug: string): Promise<JudgedKata> {
  const scenarios = katas[slug];
  const rules = checks[`../../katas/${slug}/checks.ts`];
  if (scenarios === undefined || rules === undefined) throw new RangeError(`There is no kata "${slug}".`);
  const [{ kata }, found] = await Promise.all([scenarios(), rules()]);
  return { ...kata, checks: found };
}

Comlink.expose(
  new Judge((slug) => {
    const known = loaded.get(slug) ?? load(slug);
    loaded.set(slug, known);
    return known;
  }),
);
