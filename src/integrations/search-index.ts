/**
 * A build does not end with half a search index. Pagefind answers "written" before its last files are on the disk, and Starlight then ends its
 * process: on a busy machine a file was left empty, and search said nothing but an error. Whoever finds an empty file here writes the index once
 * more, from Pagefind's memory.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';

/** After Starlight, which writes the index, and before the list of what is kept offline. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const site = fileURLToPath(dir);
        const empty = emptyFiles(join(site, 'pagefind'));
        if (empty.length === 0) return;
        logger.warn(`Empty in the search index: ${empty.join(', ')}. Writing it again.`);
        await writeIndex(site);
      },
    },
  };
}

/** The files of `folder` without a byte in them, by their paths inside it. */
export function emptyFiles(folder: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => statSync(join(folder, path)).isFile() && statSync(join(folder, path)).size === 0);
}

/** Indexes the pages in `site` and writes `site`/pagefind, each file on the disk when this resolves. */
export async function writeIndex(site: string): Promise<void> {
  try {
    const { index, errors } = await createIndex();
    if (index === undefined) throw new Error(`Pagefind does not start: ${errors.join('; ')}`);
    const read = await index.addDirectory({ path: site });
    const { files, errors: unwritten } = await index.getFiles();
    const problems = [...read.errors, ...unwritten];
    if (problems.length > 0) throw new Error(`Pagefind cannot index ${site}: ${problems.join('; ')}`);
    for (const { path, content } of files) {
      const to = join(site, 'pagefind', path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, content);
    }
  } finally {
    await close();
  }
}
