import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyFiles, writeIndex } from '../../../src/integrations/search-index.ts';

const site = mkdtempSync(join(tmpdir(), 'search-index-'));
afterEach(() => {
  rmSync(site, { recursive: true });
});

describe('the search index of a build', () => {
  it('is written again, whole, when a file of it is found empty', async () => {
    writeFileSync(
      join(site, 'index.html'),
      '<html lang="en"><body><h1>Round robin</h1><p>Each in turn.</p></body></html>',
    );
    mkdirSync(join(site, 'pagefind/index'), { recursive: true });
    writeFileSync(join(site, 'pagefind/pagefind-entry.json'), '');
    expect(emptyFiles(join(site, 'pagefind'))).toEqual(['pagefind-entry.json']);

    await writeIndex(site);

    expect(emptyFiles(join(site, 'pagefind'))).toEqual([]);
    const entry = JSON.parse(readFileSync(join(site, 'pagefind/pagefind-entry.json'), 'utf8')) as { languages: object };
    expect(entry.languages).toMatchObject({ en: { page_count: 1 } });
  });
});
