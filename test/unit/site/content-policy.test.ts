import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { withPolicy } from '../../../src/integrations/content-policy.ts';

const page = (rest: string): string => `<!doctype html><html><head><meta charset="utf-8"/>${rest}</head></html>`;
const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const scripts = (html: string): string => /script-src ([^;]*)/.exec(withPolicy(html, 'FRAME', 'a page'))![1]!;

test('a page allows the scripts that stand in it, each once, as a browser reads them', () => {
  const html = page(`<script>a()</script><script type="module" data-x>b();\r\n</script><script>a()</script>`);
  expect(scripts(html)).toBe(`'self' ${digest('a()')} ${digest('b();\n')} 'sha256-FRAME' blob: 'wasm-unsafe-eval'`);
});

test('what has an address or is data needs no digest', () => {
  const html = page(`<script src="/a.js"></script><script type="application/ld+json">{}</script>`);
  expect(scripts(html)).toBe(`'self' 'sha256-FRAME' blob: 'wasm-unsafe-eval'`);
});

test('the policy stands before all that loads', () => {
  expect(withPolicy(page('<script>a()</script>'), 'FRAME', 'a page')).toMatch(
    /^<!doctype html><html><head><meta charset="utf-8"\/><meta http-equiv="Content-Security-Policy" content="default-src 'none'; [^"]*"><script>/,
  );
});

test('a page that does not begin as pages here do is told by its name', () => {
  expect(() => withPolicy('<head><title>x</title></head>', 'FRAME', 'x.html')).toThrow(
    'x.html: found no <meta charset="utf-8"> at the start of its head.',
  );
});
