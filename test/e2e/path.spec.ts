/** One person's way through the course: home, a lesson with a prediction, a kata failed, watched and solved, and all of it still there after a reload. */
import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';

const solution = readFileSync('katas/round-robin/solution.ts', 'utf8');

const beat = (page: Page, name: string): Locator => page.locator(`section#${name}`);

/** Brings a beat onto the screen and waits until what is in it answers. */
async function goTo(page: Page, name: string): Promise<Locator> {
  const section = beat(page, name);
  await section.scrollIntoViewIfNeeded();
  await expect(section.locator('astro-island').first()).not.toHaveAttribute('ssr');
  return section;
}

async function playHomeFigure(page: Page): Promise<void> {
  const figure = page.getByRole('group', { name: /One backend slows down/ });
  await expect(page.locator('astro-island', { has: figure })).not.toHaveAttribute('ssr');
  const clock = figure.locator('.b-clock');
  const before = await clock.innerText();
  await figure.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(clock).toContainText('running');
  await expect.poll(() => clock.innerText()).not.toBe(before);
  await figure.getByRole('button', { name: 'Swap in least connections' }).click();
  await expect(figure.getByRole('button', { name: 'Swap in round robin' })).toBeVisible();
}

async function doLesson(page: Page): Promise<void> {
  const hook = await goTo(page, 'hook');
  await hook.getByRole('button', { name: /^Play the/ }).click();

  const stepper = (await goTo(page, 'worked-example')).getByRole('group', { name: /Figure 4\.2/ });
  await stepper.focus();
  await page.keyboard.press('End');
  await expect(stepper).toContainText('Step 7 of 7');

  const predict = await goTo(page, 'predict');
  await predict.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await predict.getByRole('textbox', { name: 'Why? One line.' }).fill('They are half as fast.');
  await predict.getByRole('button', { name: /^Commit/ }).click();
  await expect(predict).toContainText(/The engine measured/);

  const experiment = await goTo(page, 'experiment');
  await experiment.getByRole('slider', { name: 'Weight of s1, s2, s3' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(experiment.locator('.b-consequence').first()).toContainText(/25\s%/);

  const check = await goTo(page, 'check');
  for (let question = 1; question <= 3; question++) {
    await check.getByRole('radio').first().check();
    await check.getByRole('button', { name: 'Answer', exact: true }).click();
    await check.getByRole('button', { name: question < 3 ? 'Next question' : 'See how it went' }).click();
  }

  const reflect = await goTo(page, 'reflect');
  await reflect.getByRole('button', { name: /^Keep as a review card/ }).click();
  await expect(reflect).toContainText('Kept.');
}

async function doKata(page: Page): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'Round robin, your code' });
  const heading = page.getByRole('region', { name: 'Results' }).getByRole('heading', { level: 2 });
  await expect(editor).toBeVisible();

  await page.getByRole('button', { name: 'Submit' }).click();
  await expect(heading).toHaveText(/^\d of 3 visible, \d of 7 hidden$/);
  const failure = page.getByRole('article');
  for (const part of ['When', 'What you chose', 'What was better', 'What it cost']) {
    await expect(failure.getByText(part, { exact: true })).toBeVisible();
  }
  await failure.getByRole('button', { name: /^Watch at/ }).click();
  await expect(page.getByRole('region', { name: /^Replay/ }).getByRole('heading')).toBeFocused();

  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(solution);
  await page.getByRole('button', { name: 'Submit' }).click();
  await expect(heading).toHaveText('3 of 3 visible, 7 of 7 hidden');
}

test.use({ serviceWorkers: 'allow' });

test('a first visit, from the home page to a solved kata, and everything is still there after a reload', async ({
  page,
}) => {
  await page.goto('/');
  await playHomeFigure(page);

  await page.getByRole('link', { name: 'Round robin and weights' }).first().click();
  await doLesson(page);
  await beat(page, 'reflect').getByRole('link', { name: 'kata 2, round-robin' }).click();
  await doKata(page);

  await page.goto('/');
  for (let visit = 0; visit < 2; visit++) {
    await page.reload();
    const cells = page.locator('.b-map [data-cells="04-round-robin-and-weights"]');
    await expect(cells).toHaveAccessibleName('6 of 6 beats done');
    await expect(page.locator('.b-map [data-kata="round-robin"]')).toHaveAccessibleName('solved');
  }
});
