/** Every address in the built pages leads to a file, at the root of a host and under a base path. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { preview } from 'astro';
import { refusalsOf } from './policy.ts';
import { settled } from './settled.ts';

const root = new URL('../..', import.meta.url).pathname;

/** Addresses of this site in the pages of `folder` that lead nowhere, as "page -> address". */
function brokenLinks(folder: string, base: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
  const html = new Map(pages.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  const broken = pages.flatMap((page) =>
    [...(html.get(page) ?? '').matchAll(/ (?:href|src|component-url|renderer-url)="([^"]*)"/g)]
      .map(([, address = '']) => address)
      .filter((address) => !leadsSomewhere(address, page))
      .map((address) => `${page} -> ${address}`),
  );
  return [...new Set(broken)];

  function leadsSomewhere(address: string, page: string): boolean {
    const here = new URL(base + page.replace(/index\.html$/, ''), 'http://site');
    const url = new URL(address.replaceAll('&amp;', '&'), here);
    if (url.host !== 'site') return true;
    if (!url.pathname.startsWith(base)) return false;
    const path = decodeURI(url.pathname.slice(base.length)) + (url.pathname.endsWith('/') ? 'index.html' : '');
    if (!existsSync(join(folder, path))) return false;
    const id = decodeURI(url.hash.slice(1));
    return id === '' || !path.endsWith('.html') || (html.get(path) ?? '').includes(` id="${id}"`);
  }
}

test('every link leads to a page, and every anchor to a place on it', () => {
  expect(brokenLinks(`${root}dist`, '/')).toEqual([]);
});

test('under a base path every address keeps to it, and pages load all they ask for', async ({ page }) => {
  test.slow();
  const outDir = `${root}test-results/based`;
  execFileSync('astro', ['build', '--outDir', outDir], {
    cwd: root,
    env: { ...process.env, BALLAST_BASE: '/course' },
  });
  expect(brokenLinks(outDir, '/course/')).toEqual([]);

  const server = await preview({ root, base: '/course', outDir, server: { port: 4393 } });
  const failures: string[] = [];
  const refused = refusalsOf(page);
  page.on('pageerror', (error) => failures.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
  });
  for (const path of ['', 'lessons/04-round-robin-and-weights/']) {
    await page.goto(`http://localhost:${server.port}/course/${path}`);
    await settled(page);
  }
  await server.stop();
  expect(failures).toEqual([]);
  expect(refused).toEqual([]);
});
