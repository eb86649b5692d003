/** How even a figure's frames are with 2,000 requests in flight. A report, not a test of speed: machines differ. */
import { expect, test } from '@playwright/test';

test('frames with 2,000 requests in flight are reported', async ({ page }) => {
  // The home page's figure with a second of network each way and 1,020 requests a second: about 2,000 dots.
  await page.route('/', async (route) => {
    const response = await route.fetch();
    const [head, island, ...rest] = (await response.text()).split(/(?=<astro-island|<\/astro-island>)/);
    const busy = island!
      .replaceAll('&quot;rateRps&quot;:[0,100]', '&quot;rateRps&quot;:[0,340]')
      .replace(/(&quot;network&quot;:.*?&quot;balancer&quot;)/, (network) =>
        network.replace(/(Us&quot;:\[0,)\d+/g, '$11000000'),
      );
    await route.fulfill({ response, body: [head, busy, ...rest].join('') });
  });
  await page.goto('/');
  const figure = page.locator('.b-figure-plate').first();
  await expect(figure.locator('.b-topology')).toHaveCount(1);
  await figure.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(figure.locator('.b-clock')).toContainText(/t = 1[6-9]/);

  const frames = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const look = (now: number): void => {
          times.push(now);
          if (times.length <= 180) requestAnimationFrame(look);
          else resolve(times.slice(1).map((time, index) => time - times[index]!));
        };
        requestAnimationFrame(look);
      }),
  );
  const counts = await figure
    .locator('.b-dots')
    .evaluateAll((paths) => paths.map((path) => (path.getAttribute('d') ?? '').split('M').length - 1));
  const sorted = frames.toSorted((a, b) => a - b);
  const perSecond = (1000 * frames.length) / frames.reduce((sum, frame) => sum + frame, 0);
  console.log(
    `${perSecond.toFixed(1)} frames/s; median ${sorted[90]!.toFixed(1)} ms, 95 % within ${sorted[171]!.toFixed(1)} ms; ` +
      `${counts[1]! + counts[2]!} dots`,
  );
  expect(counts[1]! + counts[2]!).toBeGreaterThan(1500);
});
