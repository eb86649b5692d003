/** What stands round every page: header, menu, search, theme, the course in the sidebar, the beats of a lesson. */
import { expect, test } from '@playwright/test';
import { refusalsOf } from './policy.ts';

const lesson = '/lessons/04-round-robin-and-weights/';
const phone = { width: 390, height: 844 };

test('the header names the section the reader is in', async ({ page }) => {
  const site = page.getByRole('navigation', { name: 'Site' });
  await page.goto('/');
  await expect(site.getByRole('link', { name: 'Course' })).toHaveAttribute('aria-current', 'page');
  await page.goto(lesson);
  await expect(site.getByRole('link', { name: 'Course' })).toHaveAttribute('aria-current', 'true');
  await page.goto('/katas/');
  await expect(site.getByRole('link', { name: 'Katas' })).toHaveAttribute('aria-current', 'page');
});

test('the theme goes from auto to light to dark, is kept, and auto follows the system', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/');
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Theme: auto' }).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.getByRole('button', { name: 'Theme: dark' }).click();
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(html).toHaveAttribute('data-theme', 'light');
});

test('the first stop of the keyboard is the way past the header, to the title', async ({ page }) => {
  await page.goto('/glossary/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#_top$/);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('navigation', { name: 'Letters' }).getByRole('link').first()).toBeFocused();
});

test('search opens with Ctrl K, finds a page by a word on it, says when nothing matches, and gives focus back', async ({
  page,
}) => {
  const refused = refusalsOf(page);
  await page.goto('/katas/');
  const open = page.getByRole('button', { name: 'Search' });
  await open.focus();
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  const field = dialog.getByRole('searchbox');
  await expect(field).toBeFocused();

  await field.fill('xyzzyplugh');
  await expect(dialog.getByRole('status')).toHaveText('No lesson or kata matches “xyzzyplugh”.');
  await field.fill('herding');
  await expect(dialog.getByRole('listitem')).not.toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(open).toBeFocused();

  await page.keyboard.press('Control+k');
  await expect(dialog.getByRole('link', { name: 'Glossary' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/glossary\//);
  expect(refused).toEqual([]);
});

test('search that cannot load its index says so', async ({ page }) => {
  await page.route('**/pagefind/**', (route) => route.abort());
  await page.goto('/');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('weights');
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('The search index could not be loaded');
});

test('a script that the page was not built with does not run', async ({ page }) => {
  await page.goto('/katas/round-robin/');
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'document.body.dataset.ran = "a script"';
    const markup = document.createElement('div');
    markup.innerHTML = `<img src="data:," onerror="document.body.dataset.ran = 'a handler'">`;
    const failed = new Promise((resolve) => markup.firstElementChild?.addEventListener('error', resolve));
    document.body.append(script, markup);
    await failed;
    return document.body.dataset['ran'];
  });
  expect(ran).toBeUndefined();
});

test('the sidebar shows the whole course, and what is not written is no link', async ({ page }) => {
  await page.goto(lesson);
  const course = page.getByRole('navigation', { name: 'Course' });
  await expect(course.locator('li li')).toHaveCount(20);
  await expect(course.getByRole('link', { name: '04 Round robin and weights' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  const links = await course.getByRole('link').count();
  await expect(course.getByText('planned', { exact: true })).toHaveCount(20 - links);
});

test('on a phone the menu holds the pages, the theme and the course, and works by keyboard', async ({ page }) => {
  await page.setViewportSize(phone);
  await page.goto('/glossary/');
  const menu = page.getByRole('navigation', { name: 'Menu' });
  await expect(menu).toBeHidden();
  await page.getByRole('button', { name: 'Menu' }).focus();
  await page.keyboard.press('Enter');
  await expect(menu).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(menu.getByRole('link', { name: 'Course' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await page.getByRole('button', { name: 'Menu' }).click();
  await menu.getByRole('link', { name: '04 Round robin and weights' }).click();
  await expect(page).toHaveURL(lesson);
});

test('a lesson knows where the reader is: in the bar of a phone, in the list, and at the next visit', async ({
  page,
  context,
}) => {
  await page.setViewportSize(phone);
  await page.goto(lesson);
  const bar = page.getByRole('navigation', { name: 'Beats' });
  await expect(bar.getByText('Beat 1 of 6: Hook')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Resume at' })).toBeHidden();

  await bar.getByText('On this page').click();
  await bar.getByRole('link', { name: 'Experiment' }).click();
  await expect(bar.getByText('Beat 4 of 6: Experiment')).toBeVisible();
  await expect(bar.getByRole('link', { name: 'Experiment' })).toBeHidden();
  await expect(page.locator('#experiment')).toBeInViewport();

  // Somebody who stays a while has been there; another tab sees it.
  const home = await context.newPage();
  await home.goto('/');
  await page.bringToFront();
  await expect(home.getByRole('link', { name: 'Resume at Experiment' })).toBeVisible();
  await page.goto(lesson);
  await expect(page.getByRole('link', { name: 'Resume at Experiment' })).toBeVisible();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('home, lesson and menu can be read, in the theme that the system prefers', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Learn load balancing by.building the.balancer\./);
    await expect(page.getByText('Start here', { exact: true })).toBeVisible();
    await expect(page.locator('.b-map__row:visible')).toHaveCount(20);
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(250, 250, 247)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(17, 22, 27)');

    await page.setViewportSize(phone);
    await page.goto(lesson);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Round robin and weights');
    await page.getByRole('button', { name: 'Menu' }).click();
    await expect(page.getByRole('navigation', { name: 'Menu' })).toBeVisible();
  });
});
