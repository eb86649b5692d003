import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { fromLibrary } from '../../unit/world/library.ts';
import { findFirefox, openInFirefox } from '../containment/firefox.ts';
import { serve } from './served.ts';
import { findWebKit, openInWebKit } from './webkit.ts';

/** What Node says; the whole library. */
const expected = JSON.parse(
  readFileSync(new URL('../../conformance/data/digests.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** Opens the page in some browser; answers what closes it. */
type Open = (url: string) => Promise<() => unknown>;

async function expectSameDigests(open: Open): Promise<void> {
  // How long the library takes is the machine's business.
  test.setTimeout(300_000);
  const names = Object.keys(expected);
  expect(names.length).toBeGreaterThanOrEqual(10);
  const served = await serve(Object.fromEntries(names.map((name) => [name, fromLibrary(name)])));
  const close = await open(served.url);
  try {
    expect(await served.digests).toEqual(expected);
  } finally {
    await close();
    served.close();
  }
}

test('Chromium runs the worlds to the same digests as Node', async ({ page }) => {
  await expectSameDigests(async (url) => {
    await page.goto(url);
    return () => undefined;
  });
});

const firefox = findFirefox();
if (firefox === undefined) console.log('No Firefox found (apt install firefox-esr): its digests are not compared.');
else
  test('Firefox runs the worlds to the same digests as Node', async () => {
    await expectSameDigests(async (url) => {
      const page = await openInFirefox(firefox, url);
      return () => page.close();
    });
  });

const webkit = findWebKit();
if (webkit === undefined)
  console.log('No WebKit found (apt install webkit2gtk-driver xvfb): its digests are not compared.');
else
  test('WebKit runs the worlds to the same digests as Node', async () => {
    await expectSameDigests((url) => Promise.resolve(openInWebKit(webkit, url)));
  });
