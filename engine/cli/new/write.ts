import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Writes files below `root`, formatted as the repository is. */
export async function writeAll(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  const config = await resolveConfig(new URL('../../../package.json', import.meta.url).pathname);
  for (const [file, text] of files) {
    const filepath = root + file;
    mkdirSync(dirname(filepath), { recursive: true });
    writeFileSync(filepath, await format(text, { ...config, filepath }));
  }
}
