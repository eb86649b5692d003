/**
 * Every page of a build says itself what it may load, because a host of files sends no headers of ours: a content security policy in a `meta`
 * element. Scripts come from this site, or stand in the page as they were built (by their digests); nothing is loaded from or sent to another site.
 *
 * A document without an address of its own inherits the policy of its page. So the learner's frame needs the digest of its script and blobs here;
 * its own, narrower policy takes the rest away (engine/sandbox/frame.ts).
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { sandboxScript } from './grading.ts';

/** Before whatever keeps or counts the pages as they are. */
export function contentPolicy(): AstroIntegration {
  let root = '';
  return {
    name: 'content-policy',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
      },
      'astro:build:done': async ({ dir }) => {
        const { sha256 } = await sandboxScript(root);
        const folder = fileURLToPath(dir);
        for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (!path.endsWith('.html')) continue;
          writeFileSync(folder + path, withPolicy(readFileSync(folder + path, 'utf8'), sha256, path));
        }
      },
    },
  };
}

/** `html` with its policy, before anything that loads. `path`: for the message. */
export function withPolicy(html: string, sandboxSha256: string, path: string): string {
  const head = /<head[^>]*>\s*<meta charset="utf-8"\s*\/?>/i.exec(html)?.[0];
  if (head === undefined) throw new Error(`${path}: found no <meta charset="utf-8"> at the start of its head.`);
  const policy = policyOf([...inlineScripts(html).map(sha256Of), sandboxSha256]);
  return html.replace(head, () => `${head}<meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

function policyOf(sha256: readonly string[]): string {
  const digests = [...new Set(sha256)].map((digest) => `'sha256-${digest}'`).join(' ');
  const policy = {
    'default-src': "'none'",
    // Search compiles WebAssembly.
    'script-src': `'self' ${digests} blob: 'wasm-unsafe-eval'`,
    'worker-src': "'self' blob:",
    // The editor, the terminal and the diagrams write styles at run time.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'manifest-src': "'self'",
    'form-action': "'none'",
    'base-uri': "'none'",
  };
  return Object.entries(policy)
    .map(([what, from]) => `${what} ${from}`)
    .join('; ');
}

/** The text of each script that stands in the page and is run, as a browser reads it. */
function inlineScripts(html: string): readonly string[] {
  return [...html.matchAll(/<script(\s[^>]*)?>([^]*?)<\/script>/gi)]
    .filter(([, attributes = '']) => !/\ssrc=/.test(attributes) && !/\stype="(?!module")/.test(attributes))
    .map(([, , text = '']) => text.replace(/\r\n?/g, '\n'));
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
