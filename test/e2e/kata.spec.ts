import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { findings } from './axe.ts';
import { refusalsOf } from './policy.ts';

const starter = readFileSync('katas/round-robin/starter.ts', 'utf8');
const solution = readFileSync('katas/round-robin/solution.ts', 'utf8');

/** Never comes to an end, on line 8. */
const endless = starter.replace('return backends[next];', 'while (true);\n      return backends[next];');

/** High enough that every line of the code is drawn: the editor draws only what is in sight. */
test.use({ viewport: { width: 1440, height: 1200 } });

async function openKata(page: Page, address = 'katas/round-robin/'): Promise<void> {
  await page.goto(address);
  await expect(page.locator('.b-editor-host .cm-content')).toBeAttached();
}

const editor = (page: Page) => page.getByRole('textbox', { name: 'Round robin, your code' });
const resultsHeading = (page: Page) => page.getByRole('region', { name: 'Results' }).getByRole('heading', { level: 2 });

/** What stands in the editor; its lines are rows of the page. */
async function code(page: Page): Promise<string> {
  const lines = await page.locator('.b-editor-host .cm-line').allTextContents();
  return lines.join('\n');
}

async function write(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

test('the starter fails with a message, Watch opens at that moment, the solution passes, and all is there after a reload', async ({
  page,
}) => {
  await openKata(page);
  expect(await code(page)).toBe(starter);

  await page.getByRole('button', { name: 'Submit' }).click();
  const heading = resultsHeading(page);
  await expect(heading).toHaveText(/^\d of 3 visible, \d of 7 hidden$/);
  await expect(heading).toBeFocused();
  const failure = page.getByRole('article');
  await expect(failure.getByRole('heading')).toHaveText(
    'Wrong answer: a backend has a second turn before another has its first',
  );
  for (const part of ['When', 'What you chose', 'What was better', 'What it cost']) {
    await expect(failure.getByText(part, { exact: true })).toBeVisible();
  }
  await expect(page.locator('.b-editor .b-remark')).toContainText(/^at .*: s1, again/);

  const watch = failure.getByRole('button', { name: /^Watch at/ });
  const moment = (await watch.innerText()).replace('Watch at ', '');
  await watch.click();
  const replay = page.getByRole('region', { name: /^Replay/ });
  await expect(replay.getByRole('heading')).toBeFocused();
  const decisions = replay.getByRole('slider', { name: 'Decisions of the run' });
  await expect(decisions).toHaveAttribute('aria-valuetext', new RegExp(`at ${moment}: request \\d+ goes to`));
  await expect(replay.getByText('was better')).toBeAttached();
  await expect(page.locator('.b-editor .b-remark-line')).toContainText('return backends[next]');
  const at = Number(await decisions.getAttribute('aria-valuenow'));
  await decisions.press('ArrowRight');
  await expect(decisions).toHaveAttribute('aria-valuenow', String(at + 1));
  await replay.getByRole('button', { name: 'Previous decision' }).click();
  await expect(decisions).toHaveAttribute('aria-valuenow', String(at));
  await replay.getByRole('button', { name: 'Events' }).click();
  await expect(replay.getByRole('table').getByRole('row').last()).toContainText('goes to');

  await write(page, solution);
  await page.getByRole('button', { name: 'Submit' }).click();
  await expect(heading).toHaveText('3 of 3 visible, 7 of 7 hidden');
  await expect(page.getByText('Solved.', { exact: true })).toBeVisible();
  await expect(page.getByText('Attempt 2')).toBeVisible();

  await page.reload();
  await expect.poll(() => code(page)).toBe(solution);
  await expect(page.getByText('Attempt 2')).toBeVisible();
  await page.goto('katas/');
  await expect(page.getByRole('main').locator('[data-kata="round-robin"]').first()).toHaveAttribute(
    'data-state',
    'solved',
  );
});

test('with the keyboard alone: into the editor, type, run, read the results, and out with Escape and Tab', async ({
  page,
}) => {
  await openKata(page);
  await page.getByRole('button', { name: 'Submit' }).focus();
  for (let presses = 0; presses < 20 && !(await isInEditor(page)); presses += 1) await page.keyboard.press('Tab');
  expect(await isInEditor(page)).toBe(true);

  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('// mine');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('// indented');
  expect(await code(page)).toContain('// mine\n  // indented');

  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(resultsHeading(page)).toHaveText(/^\d of 3 visible$/);
  await expect(resultsHeading(page)).toBeFocused();

  await editor(page).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Tab now leaves the editor')).toBeVisible();
  await page.keyboard.press('Tab');
  expect(await isInEditor(page)).toBe(false);
});

function isInEditor(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.closest('.cm-editor') !== null);
}

test('on a phone the parts are tabs, the count of failing is in a tab, and the failure brings its lines along', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openKata(page);
  await expect(page.getByRole('tab')).toHaveText(['Brief', 'Editor', 'Results']);
  await expect(page.getByRole('tabpanel', { name: 'Brief' })).toBeVisible();
  await page.getByRole('tab', { name: 'Brief' }).press('ArrowRight');
  await expect(page.getByRole('tabpanel', { name: 'Editor' })).toBeVisible();
  await expect(page.getByRole('tabpanel', { name: 'Brief' })).toBeHidden();

  await page.getByRole('button', { name: 'Submit' }).click();
  await expect(page.getByRole('tab', { selected: true })).toHaveText(/^Results, \d+ failing$/);
  const excerpt = page.getByRole('region', { name: 'Your code there' });
  await expect(excerpt.getByRole('listitem')).toHaveCount(5);
  await expect(excerpt).toContainText('return backends[next]');
  await excerpt.getByRole('button', { name: 'open in the editor' }).click();
  await expect(editor(page)).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('a loop without end is told with its line, and the next run works', async ({ page }) => {
  await openKata(page);
  await write(page, endless);
  await page.getByRole('button', { name: 'Run' }).click();
  const failure = page.getByRole('article');
  await expect(failure.getByRole('heading')).toHaveText('Ran too long: pick() did not come to an end');
  await expect(failure.getByRole('button', { name: /^Line 8/ })).toBeVisible();
  await expect(page.locator('.b-editor .b-remark-line')).toContainText('while (true)');

  await write(page, solution);
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(resultsHeading(page)).toHaveText('3 of 3 visible');
});

test('code that does not compile is told with line and column while typing and when run; nothing runs', async ({
  page,
}) => {
  await openKata(page);
  await write(page, starter.replace('backends[next]', 'backends[nxt]'));
  await expect(page.getByText(/^TypeScript, 1 error, line 8$/)).toBeVisible();
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(resultsHeading(page)).toHaveText('Nothing ran');
  await page
    .getByRole('article')
    .getByRole('button', { name: /^Line 8, column \d+$/ })
    .click();
  await expect(editor(page)).toBeFocused();
  await expect(page.getByText(/^Ln 8, Col \d+$/)).toBeVisible();
});

test('what the grader cannot do is told as our fault, without a cross, and does not count', async ({ page }) => {
  await page.route('**/judge-worker*', (route) => route.abort());
  await openKata(page);
  await page.getByRole('button', { name: 'Submit' }).click();
  const failure = page.getByRole('article');
  await expect(failure.getByRole('heading')).toHaveText(/^Our fault: /);
  await expect(failure.locator('.b-cross')).toHaveCount(0);
  await expect(page.getByText(/Attempt \d/)).toHaveCount(0);
  expect(await code(page)).toBe(starter);
});

test('a store that cannot be opened is told, and the kata works on', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The database is corrupt.', 'UnknownError');
    };
  });
  await openKata(page);
  await write(page, solution);
  await expect(page.getByText('Kept in this tab only.')).toBeVisible();
  await page.getByRole('button', { name: 'Submit' }).click();
  await expect(resultsHeading(page)).toHaveText('3 of 3 visible, 7 of 7 hidden');
});

test('a scenario that passed can be watched, too', async ({ page }) => {
  await openKata(page);
  await write(page, solution);
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(resultsHeading(page)).toHaveText('3 of 3 visible');
  await page.getByRole('button', { name: /^One leaves/ }).click();
  await page.getByRole('button', { name: 'Watch' }).click();
  const clock = page.getByRole('region', { name: /^Replay/ }).locator('.b-replay-clock');
  await expect(clock).toHaveText(/request 1$/);
  const before = await clock.innerText();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(clock).not.toHaveText(before);
  await page.getByRole('button', { name: 'Pause' }).click();
});

test('completion offers what a backend has', async ({ page }) => {
  await openKata(page);
  await expect(page.getByText('TypeScript, no errors')).toBeVisible();
  await write(page, `import type { Backend } from 'ballast';\nexport const busy = (one: Backend) => one`);
  await page.keyboard.type('.');
  await expect(page.getByRole('option', { name: 'inFlight' })).toBeVisible();
});

test('reset can be undone, and a comparison shows what was changed', async ({ page }) => {
  await openKata(page);
  await write(page, `${starter}// mine\n`);
  await page.getByRole('button', { name: 'Diff to starter' }).click();
  await expect(page.locator('.b-comparison .cm-changedLine')).toHaveText('// mine');
  await page.getByRole('button', { name: 'Back to the editor' }).click();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => code(page)).toBe(starter);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => code(page)).toBe(`${starter}// mine\n`);
});

test('help says what it costs before it opens, and the solution counts as solved with help', async ({ page }) => {
  await openKata(page);
  const skeleton = page.getByRole('button', { name: 'Show a skeleton' });
  await expect(skeleton).toHaveAccessibleDescription('Marks it “solved with help”');
  await skeleton.click();
  await expect(page.getByText('Already marked “solved with help”').first()).toBeVisible();
  await write(page, solution);
  await page.getByRole('button', { name: 'Submit' }).click();
  await expect(page.getByText('Solved with help.', { exact: true })).toBeVisible();
});

test('?safe opens with the starter and leaves the kept code untouched', async ({ page }) => {
  await openKata(page);
  await write(page, endless);
  await expect(page.getByText(/^Saved \d\d:\d\d\./)).toBeVisible();
  await openKata(page, 'katas/round-robin/?safe');
  await expect.poll(() => code(page)).toBe(starter);
  await page.getByRole('link', { name: 'Open with my code' }).click();
  await expect.poll(() => code(page)).toBe(endless);
});

test('without scripts the brief and the starter can be read', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('katas/round-robin/');
  await expect(page.getByText('What must hold')).toBeVisible();
  await expect(page.getByText('export default function roundRobin(): Picker {').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Submit' })).toBeHidden();
  await context.close();
});

test('axe finds nothing in a verdict and its replay, in both themes, on a desk and on a phone', async ({ page }) => {
  const refused = refusalsOf(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await openKata(page);
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByRole('button', { name: /^Watch at/ }).click();
  await page.getByRole('button', { name: 'Events' }).click();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await findings(page, { rules: colorScheme === 'light' ? 'all' : 'colours' }), `${width} px`).toEqual([]);
    }
  }
  expect(refused).toEqual([]);
});
