/** The lab: one run, driven by typing and by buttons. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { findings } from './axe.ts';
import { refusalsOf } from './policy.ts';

type View = 'Terminal' | 'Screen reader' | 'Plain text';

async function open(page: Page, view: View): Promise<void> {
  await page.goto('lab/');
  await page.getByRole('radio', { name: view }).check({ force: true });
  if (view === 'Plain text') await page.getByLabel('Command').focus();
  else {
    await expect(page.locator('.b-emulator')).toHaveAttribute('data-state', 'ready');
    await page.locator('.b-emulator textarea').focus();
  }
}

/** Types a command, and waits until its output is there. */
async function say(page: Page, command: string): Promise<void> {
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
}

/** What the emulator shows, a line for each row. */
function rows(page: Page): Locator {
  return page.locator('.xterm-rows');
}

function log(page: Page): Locator {
  return page.getByRole('log', { name: 'Output' });
}

/** A backend's row in the newest table of the log. */
function row(page: Page, id: string): Locator {
  return log(page).getByRole('table').last().getByRole('row', { name: id });
}

test.describe('the story of a crash', () => {
  test('killed, it is believed healthy until the checks notice; recovered, it comes back', async ({ page }) => {
    await open(page, 'Plain text');
    await say(page, 'seek 5s');
    await say(page, 'kill s2');
    await expect(log(page)).toContainText('t = 5.000 s: s2 crashes.');
    await say(page, 'top');
    await expect(row(page, 's2')).toContainText(/healthy\s*crashed/);
    await say(page, 'seek +10s');
    await say(page, 'top');
    await expect(row(page, 's2')).toContainText(/unhealthy\s*crashed/);
    await say(page, 'tail 5 health');
    await expect(log(page)).toContainText('s2 gets no more requests');

    await say(page, 'recover s2');
    await say(page, 'seek +10s');
    await say(page, 'top');
    await expect(row(page, 's2')).toContainText(/healthy\s*healthy/);
    // The figure shows the same run.
    await expect(page.getByText('t = 25.000 s, paused')).toBeVisible();
  });

  test('going back before it, the crash has not happened yet; forwards, it happens again', async ({ page }) => {
    await open(page, 'Plain text');
    await say(page, 'seek 5s');
    await say(page, 'kill s2');
    await say(page, 'seek 4s');
    await say(page, 'top');
    await expect(row(page, 's2')).toContainText(/healthy\s*healthy/);
    await say(page, 'seek 6s');
    await say(page, 'top');
    await expect(row(page, 's2')).toContainText(/healthy\s*crashed/);
    await say(page, 'reset');
    await say(page, 'seek 6s');
    await say(page, 'top');
    await expect(row(page, 's2')).toContainText(/healthy\s*healthy/);
  });
});

test.describe('the control plane', () => {
  test('a backend that is posted gets traffic; deleted, it is gone', async ({ page }) => {
    await open(page, 'Plain text');
    await say(page, 'seek 2s');
    await say(page, `curl -i -d '{"id":"s6","host":"10.0.1.6","port":8080}' http://lb:9000/backends`);
    await expect(log(page)).toContainText('HTTP/1.1 201 Created');
    await expect(log(page)).toContainText('"status": "REGISTERED"');
    await say(page, 'seek +3s');
    await say(page, 'top');
    await expect(row(page, 's6')).toContainText(/healthy\s*healthy/);
    await say(page, 'tail 1 s6');
    await expect(log(page)).toContainText(/request [\d,]+ (goes to s6|by s6 in)/);

    await say(page, 'curl -X DELETE /backends/s6');
    await expect(log(page)).toContainText('"status": "DEREGISTERED"');
    await say(page, 'curl /backends/s6');
    await expect(log(page)).toContainText('s6 was deregistered.');
    await say(page, 'kill s6');
    await expect(log(page)).toContainText('kill: no backend s6. Backends: s1, s2, s3, s4, s5.');
  });

  test('a body that is wrong is told field by field, and a body that is no JSON with an example', async ({ page }) => {
    await open(page, 'Plain text');
    await say(page, `curl -i -d '{"id":"S6","port":"80"}' /backends`);
    await expect(log(page)).toContainText('HTTP/1.1 400 Bad Request');
    for (const words of ['"field": "id"', 'host is missing.', 'port cannot be \\"80\\".']) {
      await expect(log(page)).toContainText(words);
    }
    await say(page, `curl -d {id:s6} /backends`);
    await expect(log(page)).toContainText('The body is not JSON');
    await expect(log(page)).toContainText('Put names and text in double quotes');
  });
});

test.describe('the emulator', () => {
  test('prints a command that is told wrongly with its usage, and completes words', async ({ page }) => {
    await open(page, 'Terminal');
    await say(page, 'slow s9 5');
    await expect(rows(page)).toContainText('slow: no backend s9. Backends: s1, s2, s3, s4, s5.');
    await expect(rows(page)).toContainText('Usage: slow <backend> <factor>');

    await page.keyboard.type('rec');
    await page.keyboard.press('Tab');
    await page.keyboard.type('s');
    await page.keyboard.press('Tab');
    await expect(rows(page)).toContainText('s1  s2  s3  s4  s5');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await expect(rows(page)).toContainText('t = 0.000 s: s3 recovers.');
  });

  test('history goes back with Up, survives a reload, and a line can be edited', async ({ page }) => {
    await open(page, 'Terminal');
    await say(page, 'seek 2s');
    await expect(rows(page)).toContainText('t = 2.000 s');
    await page.reload();
    await open(page, 'Terminal');
    await page.keyboard.press('ArrowUp');
    await expect(rows(page)).toContainText('lb$ seek 2s');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await expect(rows(page)).toContainText('t = 3.000 s');
  });

  test('a run can be stopped with Ctrl-C, and what was typed meanwhile is dropped', async ({ page }) => {
    await open(page, 'Terminal');
    await say(page, 'run 50s');
    await expect(page.getByText(/t = \d+\.\d+ s, running/)).toBeVisible();
    await page.keyboard.press('Control+c');
    await expect(rows(page)).toContainText(/Stopped at t = \d+\.\d+ s: [\d,]+ arrived/);
    await expect(page.getByText(/t = \d+\.\d+ s, paused/)).toBeVisible();
  });

  test('a run ends where it was told to', async ({ page }) => {
    await open(page, 'Terminal');
    await say(page, 'speed 20');
    await say(page, 'run 5s');
    await expect(rows(page)).toContainText('Stopped at t = 5.000 s');
  });

  test('tail -f follows the run until Ctrl-C', async ({ page }) => {
    await open(page, 'Terminal');
    await say(page, 'tail -f served');
    await expect(rows(page)).toContainText(/served\s+request [\d,]+ by s\d in/);
    await page.keyboard.press('Control+c');
    await expect(rows(page)).toContainText(/Stopped at t = \d+\.\d+ s\./);
  });

  test('lets the keyboard go: Escape then Tab, or Shift+Tab', async ({ page }) => {
    await open(page, 'Terminal');
    const input = page.locator('.b-emulator textarea');
    await page.keyboard.press('Tab');
    await expect(input).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByText('Tab now leaves the terminal.')).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(input).not.toBeFocused();

    await input.focus();
    await page.keyboard.press('Shift+Tab');
    await expect(page.getByRole('radio', { name: 'Terminal' })).toBeFocused();
  });

  test('in its screen-reader mode its rows are a list that can be read, and the choice is kept', async ({ page }) => {
    await open(page, 'Screen reader');
    await say(page, 'seek 2s');
    await expect(page.locator('.b-emulator').getByRole('listitem').filter({ hasText: 't = 2.000 s' })).toHaveCount(1);
    await page.reload();
    await expect(page.getByRole('radio', { name: 'Screen reader' })).toBeChecked();
  });
});

test('another view shows what was typed so far', async ({ page }) => {
  await open(page, 'Terminal');
  await say(page, 'seek 2s');
  await expect(rows(page)).toContainText('t = 2.000 s');
  await page.getByRole('radio', { name: 'Plain text' }).check({ force: true });
  await expect(log(page)).toContainText('lb$ seek 2s');
  await expect(log(page)).toContainText('t = 2.000 s');
});

test('buttons do what commands do, and the terminal shows which', async ({ page }) => {
  await open(page, 'Plain text');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(log(page)).toContainText('lb$ step');
  await page.getByRole('radio', { name: '20×' }).check({ force: true });
  await expect(log(page)).toContainText('lb$ speed 20');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(log(page)).toContainText('lb$ run');
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('s3');
  await page.getByRole('button', { name: 'Hang' }).click();
  await expect(log(page)).toContainText('s3 hangs');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(log(page)).toContainText('lb$ pause');
  await expect(log(page)).toContainText(/Stopped at t = /);
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await expect(log(page)).toContainText('nothing-goes-wrong from the start, seed 1.');
});

test('another scenario is loaded by picking it or by its command, which names the nearest when mistyped', async ({
  page,
}) => {
  await open(page, 'Plain text');
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('crash-attracts-traffic');
  await expect(log(page)).toContainText('lb$ scenario crash-attracts-traffic');
  await expect(page.getByRole('group', { name: 'A crash under least connections' })).toBeVisible();
  await page.getByLabel('Command').focus();
  await say(page, 'scenario equal-trns');
  await expect(log(page)).toContainText('Did you mean equal-turns?');
  await say(page, 'scenario equal-turns');
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('equal-turns');
});

test('the same scenario can be loaded again, also while its clock runs', async ({ page }) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await open(page, 'Plain text');
  await say(page, 'run');
  await expect(page.getByText(/t = [1-9]\d*\.\d+ s, running/)).toBeVisible();
  await say(page, 'scenario nothing-goes-wrong');
  await expect(log(page)).toContainText(/Stopped at t = [1-9]/);
  await expect(page.getByText('t = 0.000 s, paused')).toBeVisible();
  await say(page, 'run');
  await expect(page.getByText(/t = [1-9]\d*\.\d+ s, running/)).toBeVisible();
  await say(page, 'reset');
  await expect(page.getByText('t = 0.000 s, paused')).toBeVisible();
  expect(errors).toEqual([]);
});

test('a scenario that cannot be fetched is told, and the lab goes on', async ({ page }) => {
  await page.route('**/lab/worlds/*.json', (route) => route.abort());
  await open(page, 'Plain text');
  await say(page, 'scenario equal-turns');
  await expect(log(page)).toContainText('scenario: it could not be fetched.');
  await say(page, 'seek 1s');
  await expect(log(page)).toContainText('t = 1.000 s');
});

for (const view of ['Terminal', 'Screen reader', 'Plain text'] as const) {
  test(`axe finds nothing in the lab at work, in both themes: ${view}`, async ({ page }) => {
    const refused = refusalsOf(page);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await open(page, view);
    await say(page, 'seek 5s');
    await say(page, 'kill s2');
    await say(page, 'top');
    await expect(view === 'Plain text' ? row(page, 's5') : page.locator('.b-emulator')).toContainText('s5');
    expect(await findings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await findings(page, { rules: 'colours' })).toEqual([]);
    expect(refused).toEqual([]);
  });
}
