/** Hands in attacks one after the other on one page and says which of them succeeded. The same in every browser. */
import { readFileSync } from 'node:fs';
import { BEACON, type Attack } from './attacks/attack.ts';
import type { Outcome } from './harness.ts';
import type { Page } from './firefox.ts';
import type { Site } from './site.ts';

export interface Tried {
  readonly attack: Attack;
  readonly outcome: Outcome;
  /** TypeScript refused it, so it was run once more as if TypeScript had not looked. */
  readonly unchecked: boolean;
  /** What it got; nothing, if all is well. */
  readonly got: readonly string[];
}

const read = (path: string) => readFileSync(new URL(`../../../katas/round-robin/${path}`, import.meta.url), 'utf8');
export const controls = { good: read('solution.ts'), bad: read('mutants/by-chance.ts') };

const RUN = '(kata, source, options) => globalThis.harness.run(kata, source, options)';

export function run(page: Page, source: string, unchecked = false, kata = 'round-robin'): Promise<Outcome> {
  return page.call<Outcome>(RUN, kata, source, { unchecked });
}

export async function tryAll(page: Page, site: Site, attacks: readonly Attack[]): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const attack of attacks) {
    const source = attack.source.replaceAll(BEACON, site.beacon);
    for (const unchecked of [false, true]) {
      const outcome = await run(page, source, unchecked, attack.kata);
      const damage = await page.call<string[]>('() => globalThis.harness.damage()');
      const got = [...damage, ...site.reached.map((url) => `reached ${url}`), ...gotBy(outcome, unchecked)];
      tried.push({ attack, outcome, unchecked, got });
      if (outcome.failure?.kind !== 'does-not-compile') break;
    }
  }
  return tried;
}

/** What the outcome alone gives away. */
function gotBy({ passed, failure, log }: Outcome, unchecked: boolean): string[] {
  const said = [...log, failure?.message ?? '', failure?.title ?? ''].filter((text) => text.includes('REACHED'));
  const blamed = failure?.kind === 'engine-fault' && !(unchecked && failure.title.includes('could not be graded'));
  return [
    ...said,
    ...(passed ? ['passed'] : []),
    ...(blamed ? [`the engine was blamed: ${failure.title}. ${failure.message ?? ''}`] : []),
  ];
}

/** Those that got something, as text to read in a failing test. */
export function successes(tried: readonly Tried[]): string[] {
  return tried
    .filter(({ got }) => got.length > 0)
    .map(({ attack, got, unchecked }) => `${attack.name}${unchecked ? ' (unchecked)' : ''}: ${got.join('; ')}`);
}
