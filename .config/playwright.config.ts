import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from '../test/e2e/browser.ts';

const port = Number(process.env['BALLAST_E2E_PORT'] ?? 4391);
const root = new URL('..', import.meta.url).pathname;

/** Quiet and root-safe: containers run as root, and a browser under test has no business calling home. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = findBrowser();

export default defineConfig({
  testDir: '../test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  forbidOnly: Boolean(process.env['CI']),
  fullyParallel: true,
  workers: 2,
  timeout: 240_000,
  // How long to wait for something to appear: the first run of a kata starts a megabyte of TypeScript, on whatever machine this is.
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    // It would fetch the whole course at the first visit of each test; those that are about a person's first visit let it.
    serviceWorkers: 'block',
    launchOptions: { args, ...(executablePath && { executablePath }) },
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
  webServer: {
    command: 'astro preview',
    cwd: root,
    env: { PORT: String(port), ASTRO_TELEMETRY_DISABLED: '1' },
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
});
