/** Builds the harness with the site's own plugins and serves it, below a path and behind a content security policy, as a static host could. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { gradingInVite } from '../../../src/integrations/grading.ts';

const root = new URL('../../../', import.meta.url).pathname;
const BASE = '/any/where/';

export interface Site {
  readonly url: string;
  /** Where attacks send what they know. */
  readonly beacon: string;
  /** Every request that no page of ours made. */
  readonly reached: readonly string[];
  close(): Promise<void>;
}

/** `entry`: the script of its one page. */
export async function openSite(entry = join(import.meta.dirname, 'harness.ts')): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-attacks-'));
  await build({
    ...gradingInVite(root),
    root,
    base: BASE,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      minify: false,
      target: 'es2023',
      rolldownOptions: {
        input: entry,
        output: { entryFileNames: 'harness.js' },
      },
    },
  });
  const sandbox = /script-src '(sha256-[^']+)' blob:/.exec(readFileSync(join(folder, 'harness.js'), 'utf8'))![1]!;
  const policy = `default-src 'none'; script-src 'self' '${sandbox}' blob:; worker-src 'self' blob:; connect-src 'self'`;
  const reached: string[] = [];

  const answer = ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
    const path = url.replace(/[?#].*/, '');
    if (path === BASE) {
      response.setHeader('content-type', 'text/html');
      response.setHeader('content-security-policy', policy);
      response.end(
        '<!doctype html><title>Attacks</title><script type="module" src="harness.js"></script><body><main></main>',
      );
      return;
    }
    if (path.startsWith(BASE) && path.endsWith('.js')) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(folder, path.slice(BASE.length))));
      return;
    }
    if (path !== '/favicon.ico') reached.push(url);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', path.endsWith('.json') ? 'application/json' : 'text/javascript');
    response.end(path.endsWith('.json') ? '{}' : 'export default 1;');
  };
  const server = createServer(answer);
  server.on('upgrade', ({ url }, socket) => {
    reached.push(`socket ${url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url: origin + BASE,
    beacon: `${origin}/beacon`,
    reached,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
