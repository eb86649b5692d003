/** axe finds nothing on any page: light and dark, on a desk and on the narrowest phone. Nor does a page ask for what its policy refuses. */
import { expect, test } from '@playwright/test';
import { findings } from './axe.ts';
import { pages } from './pages.ts';
import { refusalsOf } from './policy.ts';
import { settled } from './settled.ts';

for (const path of pages) {
  test(path, async ({ page }) => {
    const refused = refusalsOf(page);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    await settled(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      // The page follows the system's theme without being loaded again.
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      for (const width of [1440, 320]) {
        await test.step(`${colorScheme}, ${width} px wide`, async () => {
          await page.setViewportSize({ width, height: 900 });
          expect(await findings(page, { rules: colorScheme === 'light' ? 'all' : 'colours' })).toEqual([]);

          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(overflow, 'pixels to scroll sideways').toBeLessThanOrEqual(0);
        });
      }
    }
    const policy = page.locator('head > meta[http-equiv="Content-Security-Policy"]');
    expect(await policy.getAttribute('content')).toMatch(/^default-src 'none'; script-src 'self' /);
    expect(refused).toEqual([]);
  });
}
