/** A learner goes through the six beats of lesson 04; what was done is still done after a reload. */
import { expect, test, type Locator, type Page } from '@playwright/test';

const lesson = '/lessons/04-round-robin-and-weights/';

const beat = (page: Page, name: string): Locator => page.locator(`section#${name}`);
const cell = (page: Page, name: string): Locator => page.locator(`.b-contents [data-beat="${name}"]`);
const isDone = (page: Page, name: string) => expect(cell(page, name)).toHaveAttribute('data-done', '');

async function open(page: Page, name: string): Promise<Locator> {
  await page.goto(lesson);
  const section = beat(page, name);
  await section.scrollIntoViewIfNeeded();
  // What is on the screen wakes up; until then a press would go nowhere.
  await expect(section.locator('astro-island').first()).not.toHaveAttribute('ssr');
  return section;
}

test('playing the hook, and nothing less, marks it as done', async ({ page }) => {
  const hook = await open(page, 'hook');
  await expect(cell(page, 'hook')).not.toHaveAttribute('data-done', '');
  await hook.getByRole('button', { name: /^Play the/ }).click();
  await isDone(page, 'hook');
});

test('the worked example steps to its end, by buttons and by keys', async ({ page }) => {
  const section = await open(page, 'worked-example');
  const stepper = section.getByRole('group', { name: /Figure 4\.2/ });
  await stepper.getByRole('button', { name: 'Step', exact: true }).click();
  await stepper.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(stepper).toContainText('Step 3 of 7');
  await expect(stepper).toContainText('b and c tie at 3');
  await stepper.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(stepper).toContainText('Step 2 of 7');
  await page.keyboard.press('End');
  await expect(stepper).toContainText('Step 7 of 7');
  await expect(stepper.locator('.b-results')).toHaveText(/a\s*a\s*b\s*a\s*c\s*a\s*a/);
  await isDone(page, 'worked-example');
});

test('a prediction is placed by keyboard, wants a reason, is fixed once committed, and stays', async ({ page }) => {
  const section = await open(page, 'predict');
  const scale = section.getByRole('slider');
  await expect(scale).toHaveAttribute('aria-valuetext', 'No marker yet');
  await expect(section.getByRole('button', { name: 'Place a marker' })).toBeVisible();
  await scale.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(scale).toHaveAttribute('aria-valuetext', '100\u00a0ms');
  for (let marks = 0; marks < 5; marks++) await page.keyboard.press('ArrowRight');
  await section.getByRole('button', { name: 'Commit 350\u00a0ms' }).click();
  await expect(section.getByRole('alert')).toContainText('one line of why');

  await section.getByRole('textbox', { name: 'Why? One line.' }).fill('Half the speed, so twice the p99.');
  await page.keyboard.press('Enter');
  await expect(section).toContainText(/The engine measured .* yours/);
  await expect(scale).toBeDisabled();
  await isDone(page, 'predict');

  await page.reload();
  await beat(page, 'predict').scrollIntoViewIfNeeded();
  await expect(section).toContainText('because: Half the speed');
  await expect(scale).toHaveAttribute('aria-valuetext', '350\u00a0ms');
});

test('a prediction can be declined, and is then not asked again', async ({ page }) => {
  const section = await open(page, 'predict');
  await section.getByRole('button', { name: 'Go on without predicting' }).click();
  await expect(section).toContainText('You went on without predicting. The engine measured');
  await isDone(page, 'predict');
});

test('turning the knob marks the experiment as done', async ({ page }) => {
  const section = await open(page, 'experiment');
  await section.getByRole('slider', { name: 'Weight of s1, s2, s3' }).focus();
  await page.keyboard.press('ArrowRight');
  await isDone(page, 'experiment');
});

test('every option is explained after an answer, and retry asks only what was missed', async ({ page }) => {
  const section = await open(page, 'check');
  await expect(section.getByText('Question 1 of 3')).toBeVisible();
  await section.getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(section.getByRole('status')).toContainText('Choose one of the options first.');

  let missed = 0;
  for (let question = 1; question <= 3; question++) {
    const options = await section.getByRole('radio').count();
    await section.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await section.getByRole('button', { name: 'Answer', exact: true }).click();
    await expect(section.locator('.b-option-why')).toHaveCount(options);
    await expect(section.getByText(/^(Your answer, right|Right)$/)).toHaveCount(1);
    missed += await section.getByText('Your answer, not so').count();
    await section.getByRole('button', { name: question < 3 ? 'Next question' : 'See how it went' }).click();
  }
  await isDone(page, 'check');
  await expect(section).toContainText(`${3 - missed} of 3 right.`);
  if (missed > 0) {
    await section.getByRole('button', { name: /^Try/ }).click();
    await expect(section.getByText(`Question 1 of ${missed}`)).toBeVisible();
  }
});

test('the review card is kept and says when it comes back', async ({ page }) => {
  const section = await open(page, 'reflect');
  await section.getByRole('button', { name: /^Keep as a review card/ }).click();
  await expect(section).toContainText('Kept. It comes back on');
  await isDone(page, 'reflect');
  await page.reload();
  await beat(page, 'reflect').scrollIntoViewIfNeeded();
  await expect(section).toContainText('Kept. It comes back on');
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });
  test('a lesson reads: steps, the measured answer, questions with their reasons', async ({ page }) => {
    await page.goto(lesson);
    await expect(beat(page, 'worked-example').getByText('b and c tie at 3').last()).toBeVisible();
    await expect(beat(page, 'predict').getByText(/^The engine measured/)).toBeVisible();
    await expect(
      beat(page, 'check')
        .getByText(/Right\./)
        .first(),
    ).toBeVisible();
  });
});
