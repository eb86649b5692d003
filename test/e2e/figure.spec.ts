/** A live figure: it plays, steps, is steered by keyboard and by link, survives its worker, and reads without scripts. */
import { expect, test, type Locator, type Page } from '@playwright/test';

const lesson = '/lessons/04-round-robin-and-weights/';

/** The figure's clock in seconds. */
async function clock(figure: Locator): Promise<number> {
  return Number(/t = ([\d.]+) s/.exec(await figure.locator('.b-clock').innerText())![1]);
}

/** Opens the experiment of lesson 04: a figure with knob, chart, controls and events. */
async function openExperiment(page: Page): Promise<Locator> {
  await page.goto(lesson);
  const figure = page.getByRole('group', { name: /Figure 4\.3/ });
  await figure.scrollIntoViewIfNeeded();
  await awake(figure);
  return figure;
}

/** A figure draws one picture once it is awake; the server sends two, for wide and for narrow. */
async function awake(figure: Locator): Promise<void> {
  await expect(figure.locator('.b-topology')).toHaveCount(1);
}

const press = (figure: Locator, name: string) => figure.getByRole('button', { name, exact: true }).click();

test('play advances the clock and pause stops it', async ({ page }) => {
  const figure = await openExperiment(page);
  const start = await clock(figure);
  await press(figure, 'Play');
  await expect(figure.locator('.b-clock')).toContainText('running');
  await expect.poll(() => clock(figure)).toBeGreaterThan(start + 0.5);
  await press(figure, 'Pause');
  await expect(figure.locator('.b-clock')).toContainText('paused');
  const stopped = await clock(figure);
  await page.waitForTimeout(300);
  expect(await clock(figure)).toBe(stopped);
});

test('a step ends at the next event, and a step back at the one before', async ({ page }) => {
  const figure = await openExperiment(page);
  await press(figure, 'Events');
  const row = figure.locator('.b-events .b-current');
  await expect(row).toBeVisible();
  const timeOf = async (): Promise<string> => (await row.innerText()).split('\t')[0]!;
  // Some events share a microsecond; steps go on until time has moved, twice.
  const times = [await timeOf()];
  while (times.length < 3) {
    const before = await row.innerText();
    await press(figure, 'Step');
    await expect.poll(() => row.innerText()).not.toBe(before);
    if ((await timeOf()) !== times.at(-1)) times.push(await timeOf());
  }
  await figure.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(timeOf).toBe(times[1]);
});

test('the knob changes the shares, and a link brings back the moment with the knob as it was turned', async ({
  page,
}) => {
  const figure = await openExperiment(page);
  const consequence = figure.locator('.b-consequence');
  await expect(consequence).toHaveText(/20\s%/);
  const knob = figure.getByRole('slider', { name: 'Weight of s1, s2, s3' });
  await knob.focus();
  await page.keyboard.press('ArrowRight');
  await expect(consequence).toHaveText(/^2, so 25\s% each; s4, s5 12\.5\s%$/);

  await press(figure, 'Play');
  await expect.poll(() => clock(figure)).toBeGreaterThan(9);
  await press(figure, 'Pause');
  await press(figure, 'Copy link');
  const moment = await clock(figure);
  const picture = await figure.locator('.b-tallies').getAttribute('d');

  await page.goto('about:blank');
  await page.goBack();
  const again = page.getByRole('group', { name: /Figure 4\.3/ });
  await expect(again).toBeInViewport();
  await expect.poll(() => clock(again)).toBe(moment);
  await expect(again.locator('.b-consequence')).toHaveText(/^2, so 25/);
  await expect(again.locator('.b-tallies')).toHaveAttribute('d', picture!);
});

test('behind the chart are the whole distribution and a table', async ({ page }) => {
  const figure = await openExperiment(page);
  await press(figure, 'Whole distribution');
  await expect(figure.locator('.b-distribution-bar')).not.toHaveCount(0);
  await expect(figure.getByRole('table', { name: 'Latencies of the last second' })).toContainText('ms to');
  await press(figure, 'Over time');
  await press(figure, 'Show as a table');
  await expect(figure.getByRole('table', { name: /one row a second/ }).getByRole('row')).toHaveCount(10);
});

test('another seed is another run at the same moment, and a word that is no seed is explained', async ({ page }) => {
  const figure = await openExperiment(page);
  const tallies = figure.locator('.b-tallies');
  const before = await tallies.getAttribute('d');
  const at = await clock(figure);
  const seed = figure.getByRole('textbox', { name: 'Seed' });
  await seed.fill('12');
  await seed.press('Enter');
  await expect(tallies).not.toHaveAttribute('d', before!);
  expect(await clock(figure)).toBe(at);
  await seed.fill('red');
  await seed.press('Enter');
  await expect(figure.getByText('A seed is a whole number')).toBeVisible();
});

test('the keyboard alone plays, steps and walks the events, past the last of which the run goes on', async ({
  page,
}) => {
  const figure = await openExperiment(page);
  await figure.focus();
  await page.keyboard.press('ArrowRight');
  await expect(figure.getByRole('status').first()).toContainText('seconds');
  await page.keyboard.press('Space');
  await expect(figure.locator('.b-clock')).toContainText('running');
  await page.keyboard.press('Space');
  await expect(figure.locator('.b-clock')).toContainText('paused');

  await figure.getByRole('button', { name: 'Events' }).press('Enter');
  const row = figure.locator('.b-events tr.b-current');
  await row.focus();
  const last = await row.innerText();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('tr:focus')).not.toHaveText(last);
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowDown');
  await expect(row).not.toHaveText(last);
  await expect(row).toBeFocused();
});

test('swapping the picker keeps seed and moment', async ({ page }) => {
  await page.goto('/');
  const figure = page.locator('.b-figure-plate').first();
  await awake(figure);
  const at = await clock(figure);
  await figure.getByRole('button', { name: /^Swap in least/ }).click();
  await expect(figure.locator('.b-balancer-name').first()).toHaveText(/least/);
  expect(await clock(figure)).toBe(at);
  await expect(figure.getByRole('button', { name: /^Swap in round/ })).toBeVisible();
});

test('a figure out of sight rests', async ({ page }) => {
  const figure = await openExperiment(page);
  await press(figure, 'Play');
  await expect.poll(() => clock(figure)).toBeGreaterThan(8.2);
  await page.evaluate(() => scrollTo(0, 0));
  await expect(figure).not.toBeInViewport();
  await page.waitForTimeout(200);
  const left = await clock(figure);
  await page.waitForTimeout(600);
  expect(await clock(figure)).toBe(left);
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(() => clock(figure)).toBeGreaterThan(left);
});

test.describe('with less motion wanted', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });
  test('no figure starts by itself', async ({ page }) => {
    await page.goto('/');
    const figure = page.locator('.b-figure-plate').first();
    await awake(figure);
    const at = await clock(figure);
    await page.waitForTimeout(700);
    await expect(figure.locator('.b-clock')).toContainText('paused');
    expect(await clock(figure)).toBe(at);
  });
});

test('a worker that dies is replaced, the run goes on where it was, and the figure says so', async ({ page }) => {
  await page.addInitScript(() => {
    const workers: Worker[] = [];
    const Real = Worker;
    class Watched extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push(this);
      }
    }
    Object.assign(globalThis, { Worker: Watched, workers });
  });
  const figure = await openExperiment(page);
  await press(figure, 'Play');
  await expect.poll(() => clock(figure)).toBeGreaterThan(8.3);
  await page.evaluate(() =>
    (globalThis as unknown as { workers: Worker[] }).workers.forEach((worker) => worker.terminate()),
  );
  const at = await clock(figure);
  await expect(figure.getByText('The simulation worker stopped answering.')).toBeVisible({ timeout: 20_000 });
  await expect(figure.getByText('replayed to this moment')).toBeVisible();
  await expect.poll(() => clock(figure)).toBeGreaterThan(at + 0.2);
});

test('a figure that cannot start keeps its picture, says why, and tries again', async ({ page }) => {
  await page.route(/simulation.*\.js/, (route) => route.abort());
  const figure = await openExperiment(page);
  await press(figure, 'Play');
  const alert = figure.getByRole('alert');
  await expect(alert).toContainText('This figure could not start.');
  await expect(figure.locator('.b-topology')).toBeVisible();
  await page.unroute(/simulation.*\.js/);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toBeHidden();
  await press(figure, 'Step');
  await expect.poll(() => clock(figure)).toBeGreaterThanOrEqual(8);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });
  test('a figure is its still picture and its events', async ({ page }) => {
    await page.goto(lesson);
    const figure = page.getByRole('group', { name: /Figure 4\.3/ });
    await expect(figure.locator('.b-topology:visible')).toHaveCount(1);
    await expect(figure.getByRole('button', { name: 'Play' })).toBeHidden();
    await expect(figure.getByRole('row').nth(3)).toBeVisible();
    await expect(figure.locator('.b-events')).toContainText(/request [\d,]+ goes to s\d/);
    await expect(figure.locator('.b-chart-table')).toContainText('p99');
  });
});
