/** A page that runs worlds and sends their digests back: any browser can open it, driven or not. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import tsBlankSpace from 'ts-blank-space';

const root = new URL('../../../', import.meta.url);

const PAGE = `<!doctype html><title>engine</title><script type="module">
  const send = (body) => fetch('/digests', { method: 'POST', body: JSON.stringify(body) });
  try {
    const { policiesFor, Simulation } = await import('/engine/index.ts');
    const found = {};
    for (const [name, scenario] of Object.entries(await (await fetch('/worlds')).json())) {
      const simulation = new Simulation(scenario, policiesFor(scenario));
      simulation.runToEnd();
      found[name] = simulation.digest();
    }
    await send(found);
  } catch (error) {
    await send({ error: String(error) });
  }
</script>`;

export interface Served {
  readonly url: string;
  /** What the page has found, when it has. */
  readonly digests: Promise<Record<string, string>>;
  close(): void;
}

/** Serves the page, the worlds and the engine's own files without their types: nothing is bundled, so nothing can be optimised differently. */
export async function serve(worlds: Readonly<Record<string, unknown>>): Promise<Served> {
  let found: (digests: Record<string, string>) => void;
  const digests = new Promise<Record<string, string>>((resolve) => {
    found = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url!.slice(1);
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        response.end();
        found(JSON.parse(body) as Record<string, string>);
      });
    } else if (path === '') response.setHeader('content-type', 'text/html').end(PAGE);
    else if (path === 'worlds') response.setHeader('content-type', 'application/json').end(JSON.stringify(worlds));
    else if (/^engine\/[\w/-]+\.ts$/.test(path)) {
      const script = tsBlankSpace(readFileSync(new URL(path, root), 'utf8'));
      response.setHeader('content-type', 'text/javascript').end(script);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, digests, close: () => server.close() };
}
