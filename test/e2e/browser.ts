/**
 * Which Chromium the browser tests drive. In this order: the one named in BALLAST_CHROMIUM, Playwright's own, one that the
 * system has. Run as a program (`node test/e2e/browser.ts`, as `npm run test:e2e` does) it installs one when there is none.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const systemNames = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];

/** The path of a Chromium that can be started, or undefined when there is none. */
export function findBrowser(): string | undefined {
  const named = process.env['BALLAST_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (canRun(named)) return named;
    throw new Error(`BALLAST_CHROMIUM names ${named}, which is not a program. Correct it or unset it.`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onSystem = systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [chromium.executablePath(), ...onSystem].find(canRun);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(): void {
  console.log('No Chromium found: installing one for the browser tests.');
  if (attempt('npx', 'playwright', 'install', '--with-deps', 'chromium') && findBrowser() !== undefined) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  if (attempt(...sudo, 'apt-get', 'update')) attempt(...sudo, 'apt-get', 'install', '-y', 'chromium');
}

function attempt(...command: string[]): boolean {
  const [program = '', ...args] = command;
  console.log(`> ${command.join(' ')}`);
  try {
    execFileSync(program, args, { stdio: 'inherit' });
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  if (findBrowser() === undefined) install();
  const found = findBrowser();
  if (found === undefined) {
    console.error(
      'The browser tests need Chromium, and it could neither be found nor installed.\n' +
        'Install Chromium or Chrome, or set BALLAST_CHROMIUM to the path of one, and run npm run test:e2e again.',
    );
    process.exit(1);
  }
  console.log(`Browser: ${found}`);
}
