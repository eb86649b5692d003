import type { Page } from '@playwright/test';

/** What the content security policies of the page and its frames refuse from now on, or cannot read, in the browser's words. */
export function refusalsOf(page: Page): readonly string[] {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  return refused;
}
