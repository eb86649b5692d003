import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { findings } from './axe.ts';

const file = (kata: string, name: string) => readFileSync(`katas/${kata}/${name}.ts`, 'utf8');

test.use({ viewport: { width: 1440, height: 1200 } });

async function open(page: Page, kata: string): Promise<void> {
  await page.goto(`katas/${kata}/`);
  await expect(page.locator('.b-editor-host .cm-content')).toBeAttached();
}

async function submit(page: Page, source: string): Promise<void> {
  await page.locator('.b-editor-host .cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(source);
  await page.getByRole('button', { name: 'Submit' }).click();
}

/** A kata without a picture, a mistake in it, and what a decision of it reads like. */
const listed = [
  ['token-bucket', 'mutants/one-too-many', /request \d+ of .*: (admitted|refused)/],
  ['sticky-cookie', 'mutants/by-address', /request \d+.*: (belongs to|leaves it|sets)/],
  ['outlier-detection', 'mutants/one-error', /: (s\d .*|sweep over \d+ backends): /],
] as const;

for (const [kata, mistake, words] of listed) {
  test(`${kata}: Watch lists the decisions in words, at the one that broke the check, and arrow keys walk them`, async ({
    page,
  }) => {
    await open(page, kata);
    await submit(page, file(kata, mistake));
    const watch = page.getByRole('article').getByRole('button', { name: /^Watch at/ });
    await watch.click();
    const replay = page.getByRole('region', { name: /^Replay/ });
    await expect(replay.getByRole('heading')).toBeFocused();
    await expect(replay.getByRole('status')).toContainText(words);
    const current = replay.locator('tr[aria-current="true"]');
    await expect(current).toBeVisible();
    const before = await replay.getByRole('status').innerText();
    await current.focus();
    await page.keyboard.press('ArrowDown');
    await expect(replay.getByRole('status')).not.toHaveText(before);
    await expect(current).toBeFocused();
    expect(await findings(page, { within: '.b-replay' })).toEqual([]);
  });
}

test('a replay stays open when the smallest world that fails is found meanwhile', async ({ page }) => {
  await open(page, 'outlier-detection');
  await submit(page, file('outlier-detection', 'mutants/first-come'));
  const failure = page.getByRole('article');
  await failure.getByRole('button', { name: 'Shrink to the smallest world that fails' }).click();
  await failure.getByRole('button', { name: /^Watch at/ }).click();
  await expect(failure.getByRole('button', { name: /^Show the (whole run|smallest world)$/ })).toBeVisible();
  await expect(page.getByRole('region', { name: /^Replay/ })).toBeVisible();
});

test('the rules between the panes are moved with arrow keys, go to their ends, and are remembered', async ({
  page,
}) => {
  await open(page, 'round-robin');
  const rule = page.getByRole('separator', { name: 'Width of the results' });
  const width = async () => Number(await rule.getAttribute('aria-valuenow'));
  await rule.focus();
  await expect(rule).toHaveAttribute('aria-valuetext', /^\d{3} pixels$/);
  const before = await width();
  await rule.press('ArrowLeft');
  await expect.poll(width).toBe(before + 24);
  await rule.press('End');
  await expect.poll(width).toBe(320);
  expect((await page.locator('#pane-results').boundingBox())?.width).toBe(320);
  await page.reload();
  await expect.poll(width).toBe(320);
  await rule.press('Enter');
  await expect.poll(width).toBe(before);
});
