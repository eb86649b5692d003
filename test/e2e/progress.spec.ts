/** What a learner has done is still there: after a reload, in another tab, in a file; and when it cannot be kept, it is said. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { fillStore } from './store.ts';

const lesson = '04-round-robin-and-weights';
const atIso = '2025-03-01T09:30:00.000Z';

const done = {
  beats: [
    { lesson, beat: 'hook' as const, atIso },
    { lesson, beat: 'worked-example' as const, atIso },
  ],
  predictions: [{ lesson, id: 'p99', value: 350, unit: 'ms', why: 'twice', declined: false, atIso }],
  states: [{ kata: 'random', state: 'solved' as const, atIso }],
  places: [{ lesson, beat: 'experiment' as const, atIso }],
  reviews: [
    {
      id: `${lesson}/turns`,
      kind: 'lesson' as const,
      slug: lesson,
      question: 'What does a turn not look at?',
      answer: 'How long the request will take.',
      dueIso: '2025-03-04T09:30:00.000Z',
      step: 0,
      atIso,
    },
  ],
};

const cells = (page: Page) => page.locator(`.b-map [data-cells="${lesson}"]`);

test('home shows where the reader stopped, what is done and what is due, and again after a reload', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page.getByText('Start here', { exact: true })).toBeVisible();
  await fillStore(page, done);
  for (let visit = 0; visit < 2; visit++) {
    await page.reload();
    await expect(page.getByText('Where you stopped, 1 March')).toBeVisible();
    await expect(page.getByText('Beat 4 of 6, Experiment. Your prediction is waiting: 350 ms.')).toBeVisible();
    await expect(cells(page)).toHaveAccessibleName('2 of 6 beats done');
    await expect(page.getByText(/0 of the \d+ written lessons done, 1 of the \d+ katas solved\./)).toBeVisible();
    await expect(page.getByText('1 card, about 2 minutes')).toBeVisible();
  }
  await page.getByRole('link', { name: 'Resume at Experiment' }).click();
  await expect(page).toHaveURL(`/lessons/${lesson}/#experiment`);
});

test('a review card shows its answer when asked, then the day on which it comes back', async ({ page }) => {
  await page.goto('/');
  await fillStore(page, done);
  await page.reload();
  const card = page.locator('.b-due');
  await expect(card.getByText('How long the request will take.')).toBeHidden();
  await card.getByRole('button', { name: 'Answer' }).click();
  await expect(card.getByText('How long the request will take.')).toBeVisible();
  await card.getByRole('button', { name: 'Not yet' }).click();
  await expect(card.getByText('Next tomorrow')).toBeFocused();
  await page.reload();
  await expect(page.getByText('Nothing due. Next card tomorrow.')).toBeVisible();
});

test('progress goes out as a file, is erased after a question, and comes back from the file, in every tab', async ({
  page,
  context,
}) => {
  await page.goto('/progress/');
  await fillStore(page, done);
  await page.reload();
  await expect(page.getByText('Hook, Worked example')).toBeVisible();
  const home = await context.newPage();
  await home.goto('/');
  await expect(cells(home)).toHaveAccessibleName('2 of 6 beats done');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export to a file' }).click(),
  ]);
  const path = await download.path();
  expect(download.suggestedFilename()).toMatch(/^ballast-progress-\d{4}-\d\d-\d\d\.json$/);

  await page.getByRole('button', { name: 'Erase everything' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByText('Hook, Worked example')).toBeVisible();
  const typed = () => page.evaluate(() => localStorage.getItem('ballast-terminal-history'));
  await page.evaluate(() => localStorage.setItem('ballast-terminal-history', '["top"]'));
  await page.getByRole('button', { name: 'Erase everything' }).click();
  await page.getByRole('button', { name: 'Erase it' }).click();
  await expect(page.getByText('All progress in this browser is erased.')).toBeVisible();
  expect(await typed()).toBeNull();
  await expect(cells(home)).toHaveAccessibleName('No beats done');

  await page.getByLabel('Import a file').setInputFiles({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: readFileSync(path),
  });
  await expect(page.getByText('mine.json: 6 entries kept.')).toBeVisible();
  await expect(page.getByText('Hook, Worked example')).toBeVisible();
  await expect(cells(home)).toHaveAccessibleName('2 of 6 beats done');
});

test('of a damaged file the report says what was kept and what could not be, with the place and the reason', async ({
  page,
}) => {
  await page.goto('/progress/');
  const file = { format: 'ballast-progress', version: 1, beats: [...done.beats, { lesson, beat: 'intro', atIso }] };
  await page.getByLabel('Import a file').setInputFiles({
    name: 'damaged.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(file)),
  });
  await expect(page.getByText('damaged.json: 2 entries kept; 1 entry could not be kept.')).toBeVisible();
  await expect(
    page.getByRole('listitem').filter({ hasText: 'beats, entry 3: field "beat", found "intro"' }),
  ).toBeVisible();
});

test('a browser that stores nothing gets a notice, and the pages work', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  await page.goto('/');
  await expect(page.getByText('Progress is kept only until this tab closes.')).toBeVisible();
  await expect(page.getByText('Start here', { exact: true })).toBeVisible();
});

test('a store that cannot be opened gets a notice with the browser’s reason', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Internal error opening backing store', 'UnknownError');
    };
  });
  await page.goto('/progress/');
  await expect(page.getByText('Internal error opening backing store')).toBeVisible();
});
