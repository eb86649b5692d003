/** WebKit as Debian has it (webkit2gtk-driver, xvfb): a small browser that shows one page. Playwright drives only a WebKit of its own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** It has no mode without a screen. */
const SCREEN = '/usr/bin/xvfb-run';

/** The path of the browser; undefined where it, or a screen for it, is not installed. */
export function findWebKit(): string | undefined {
  const folders = ['x86_64', 'aarch64'].flatMap((machine) =>
    ['6.0', '4.1', '4.0'].map((api) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${api}/MiniBrowser`),
  );
  return existsSync(SCREEN) ? folders.find((path) => existsSync(path)) : undefined;
}

/** Opens the page. Answers what closes the browser again. */
export function openInWebKit(program: string, url: string): () => void {
  const home = mkdtempSync(join(tmpdir(), 'ballast-webkit-'));
  const browser = spawn(SCREEN, ['--auto-servernum', program, url], {
    env: { ...process.env, HOME: home, WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
    stdio: 'ignore',
    detached: true,
  });
  return () => {
    // With the screen, and all else that it started.
    process.kill(-browser.pid!, 'SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
}
