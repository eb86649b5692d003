/** The course with the keyboard alone, and with a finger on a phone: nothing here clicks, nothing is focused by the test. */
import { readFileSync } from 'node:fs';
import { devices, expect, test, type Locator, type Page } from '@playwright/test';
import { findings } from './axe.ts';

const file = (kata: string, name: string) => readFileSync(`katas/${kata}/${name}.ts`, 'utf8');

/** Walks on, or back, with the Tab key until this has the focus, or one of these: which of several answers a browser stops at depends on where it came from. */
async function tabTo(page: Page, goal: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(goal.first()).toBeVisible();
  const isThere = () => goal.evaluateAll((elements) => elements.some((one) => one === document.activeElement));
  for (let presses = 0; presses < 300 && !(await isThere()); presses += 1) await page.keyboard.press(key);
  expect(await isThere(), `${key} leads to ${String(goal)}`).toBe(true);
}

async function press(page: Page, goal: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, goal);
  await page.keyboard.press(key);
}

const heading = (page: Page) => page.locator('#pane-results').getByRole('heading', { level: 2 });

async function writeAndSubmit(page: Page, source: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(source);
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
}

const reflectCard = (page: Page) =>
  page.locator('section#reflect').getByRole('button', { name: /^Keep as a review card/ });

/** Katas of three kinds of policy, and a mistake in each. */
const byKeyboard = [
  ['least-connections', 'mutants/counts-starts', 'Wrong answer: a busier backend is picked'],
  ['health-hysteresis', 'mutants/swapped', 'Wrong answer: '],
  ['token-bucket', 'mutants/one-too-many', 'Wrong answer: '],
] as const;

test.describe('with the keyboard alone', () => {
  test.use({ viewport: { width: 1440, height: 1200 } });

  for (const [kata, mistake, title] of byKeyboard) {
    test(`${kata}: a mistake is submitted, watched beside the reference, and mended`, async ({ page }) => {
      await page.goto(`katas/${kata}/`);
      const editor = page.locator('.b-editor-host .cm-content');
      await tabTo(page, editor);
      await writeAndSubmit(page, file(kata, mistake));
      await expect(heading(page)).toBeFocused();
      const failure = page.getByRole('article');
      await expect(failure.getByRole('heading')).toContainText(title);

      await press(page, failure.getByRole('button', { name: /^Watch at/ }));
      const replay = page.getByRole('region', { name: /^Replay/ });
      await expect(replay.getByRole('heading', { level: 3 })).toBeFocused();
      await press(page, replay.getByRole('button', { name: 'Beside another policy' }));
      await expect(replay.getByRole('heading', { name: 'On the same arrivals' })).toBeFocused();
      await expect(replay.getByRole('status').last()).toContainText(/The first difference is decision \d+ of \d+, at /);

      await tabTo(page, editor, 'Shift+Tab');
      await writeAndSubmit(page, file(kata, 'solution'));
      await expect(heading(page)).toHaveText(/^3 of 3 visible, (\d+) of \1 hidden$/);
      await expect(page.getByText('Solved.', { exact: true })).toBeVisible();
    });
  }

  test('a lesson: each beat is reached, answered and done', async ({ page }) => {
    await page.goto('lessons/04-round-robin-and-weights/');
    const beat = (name: string) => page.locator(`section#${name}`);
    const awake = async (name: string) => {
      await expect(beat(name).locator('astro-island').first()).not.toHaveAttribute('ssr');
      return beat(name);
    };
    await press(page, (await awake('hook')).getByRole('button', { name: /^Play the/ }));
    const stepper = beat('worked-example').getByRole('group', { name: /Figure 4\.2/ });
    await tabTo(page, stepper);
    await awake('worked-example');
    await page.keyboard.press('End');
    await expect(stepper).toContainText('Step 7 of 7');

    const predict = beat('predict');
    await tabTo(page, predict.getByRole('slider'));
    await awake('predict');
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await tabTo(page, predict.getByRole('textbox', { name: 'Why? One line.' }));
    await page.keyboard.type('They are half as fast.');
    await page.keyboard.press('Enter');
    await expect(predict).toContainText(/The engine measured/);

    const experiment = beat('experiment');
    await tabTo(page, experiment.getByRole('slider', { name: 'Weight of s1, s2, s3' }));
    await awake('experiment');
    await page.keyboard.press('ArrowRight');
    await expect(experiment.locator('.b-consequence').first()).toContainText(/25\s%/);

    // The questions are drawn when they wake up: who came past them by then goes back.
    const check = beat('check');
    await tabTo(page, reflectCard(page));
    await awake('check');
    for (let question = 1; question <= 3; question += 1) {
      const answers = check.getByRole('radio');
      await tabTo(page, answers, question === 1 ? 'Shift+Tab' : 'Tab');
      await page.keyboard.press('Space');
      await press(page, check.getByRole('button', { name: 'Answer', exact: true }));
      await press(page, check.getByRole('button', { name: question < 3 ? 'Next question' : 'See how it went' }));
    }
    const reflect = beat('reflect');
    await press(page, reflectCard(page));
    await expect(reflect).toContainText('Kept.');
    for (const name of ['hook', 'worked-example', 'predict', 'experiment', 'check']) {
      await expect(page.locator(`.b-contents [data-beat="${name}"]`)).toHaveAttribute('data-done', '');
    }
  });
});

test('by touch on a phone: a failure is shrunk and watched, understood from its message, and mended on its line', async ({
  browser,
}) => {
  const { defaultBrowserType: _, ...phone } = devices['Pixel 5'];
  const context = await browser.newContext({ ...phone, viewport: { width: 390, height: 844 }, hasTouch: true });
  const page = await context.newPage();
  const tap = (name: string | RegExp) => page.getByRole('button', { name }).first().tap();
  await page.goto('katas/least-connections/');
  const editor = page.locator('.b-editor-host .cm-content');
  await page.getByRole('tab', { name: 'Editor' }).tap();
  await editor.tap();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(file('least-connections', 'mutants/per-weight'));
  await tap('Submit');

  const failure = page.getByRole('article');
  await expect(failure.getByRole('heading')).toHaveText('Wrong answer: a busier backend is picked');
  await tap('Shrink to the smallest world that fails');
  await expect(failure).toContainText(
    /Shown as its twin, the smallest world that fails the same way: 2 backends, \d+ requests?, no faults, ends at /,
  );
  // The message alone says what is wrong: more in flight was taken for less, in a world where only weights differ.
  const told = await failure.innerText();
  const inFlight = /What you chose\s+\S+ with (\d+) in flight\s+What was better\s+\S+ with (\d+)/.exec(told);
  expect(Number(inFlight?.[1])).toBeGreaterThan(Number(inFlight?.[2]));

  // What the mistake cost, beside what others made of the same requests.
  const arrivals = page.getByRole('region', { name: /^Same [\d,]+ arrivals, three policies/ });
  await expect(arrivals).toContainText(
    /You and round robin chose alike [\d,]+ of [\d,]+ times, you and the reference /,
  );
  await expect(arrivals.locator('canvas')).toBeVisible();
  await arrivals.getByRole('button', { name: 'Show as a table' }).tap();
  await expect(arrivals.getByRole('columnheader', { name: 'round robin' })).toBeVisible();

  await tap(/^Watch at/);
  const replay = page.getByRole('region', { name: /^Replay/ });
  await expect(replay.getByText('This one broke the check')).toBeVisible();
  await replay.getByRole('button', { name: 'Previous decision' }).tap();
  await expect(replay.getByText('This one broke the check')).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await findings(page, { within: '#pane-results' })).toEqual([]);

  await tap('open in the editor');
  await expect(editor).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(
    file('least-connections', 'mutants/per-weight').replace('inFlight / weight', 'inFlight'),
  );
  await tap('Submit');
  await expect(heading(page)).toHaveText('3 of 3 visible, 8 of 8 hidden');

  await tap(/^Where yours falls/);
  const compared = page.getByRole('region', { name: 'On the same requests' });
  await expect(compared.getByRole('row', { name: /^Yours/ })).toBeVisible();
  await expect(compared.getByRole('row', { name: /^Solution/ })).toBeVisible();
  await expect(compared.getByRole('row', { name: /^random/ })).toBeVisible();
  await expect(compared.locator('canvas')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await findings(page, { within: '#pane-results' })).toEqual([]);
  await context.close();
});
