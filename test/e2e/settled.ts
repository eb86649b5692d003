import { expect, type Page } from '@playwright/test';

/**
 * Waits until the parts of a page that start by themselves have started; those that wait for the reader still do. Not the browser's idle network: of a
 * worker that is ended early the last request never ends either.
 */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('astro-island[ssr][client="load"]')).toHaveCount(0);
  if (new URL(page.url()).pathname.match(/\/katas\/./)) {
    await expect(page.locator('.b-editor-host .cm-content')).toBeAttached();
  }
}
