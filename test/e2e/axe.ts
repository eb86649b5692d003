import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules whose answer another theme can change: a theme has other colours, and the same words, names and order. */
const aboutColours = ['color-contrast', 'link-in-text-block'];

/** What axe finds on a page as it stands, or in one part of it: each rule with the elements that break it. */
export async function findings(
  page: Page,
  { rules = 'all', within }: { rules?: 'all' | 'colours'; within?: string } = {},
): Promise<string[]> {
  const runOnly =
    rules === 'all' ? { type: 'tag' as const, values: standards } : { type: 'rule' as const, values: aboutColours };
  // All in the page itself: the other way opens a blank page for each result, which takes as long as the rules, and is for frames of other origins. We have none
  // to look at: the learner's is empty and hidden.
  const axe = new AxeBuilder({ page }).options({ runOnly, resultTypes: ['violations'] }).setLegacyMode();
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
