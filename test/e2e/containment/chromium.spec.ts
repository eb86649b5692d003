import type { Browser } from '@playwright/test';
import { attackSuite } from './define.ts';
import type { Page } from './firefox.ts';

/** Over a session of our own: Playwright gives a page up when the process of one of its frames runs out of memory, although the page lives. */
async function openInChromium(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  const session = await page.context().newCDPSession(page);
  return {
    async call<T>(source: string, ...given: unknown[]) {
      const expression = `Promise.resolve((${source})(...${JSON.stringify(given)})).then((value) => JSON.stringify(value) ?? 'null')`;
      const answer = await session.send('Runtime.evaluate', { expression, awaitPromise: true });
      if (answer.exceptionDetails)
        throw new Error(`The page failed: ${JSON.stringify(answer.exceptionDetails).slice(0, 500)}`);
      return JSON.parse(answer.result.value as string) as T;
    },
    close: () => page.context().close(),
  };
}

attackSuite('Chromium', openInChromium);
