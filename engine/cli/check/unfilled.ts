import { existsSync, readFileSync } from 'node:fs';
import { FILL_IN } from '../new/words.ts';

/** A line for each place in these files, below `root`, in which a skeleton's words still stand. */
export function unfilled(root: string, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    if (!existsSync(root + file)) return [];
    const lines = readFileSync(root + file, 'utf8').split('\n');
    return lines.flatMap((line, at) => {
      const from = line.indexOf(FILL_IN);
      if (from === -1) return [];
      const what = line.slice(from).replace(/["'}>,*/\s]+$/, '');
      return [`${file}, line ${at + 1}: still to fill in: ${what.slice(FILL_IN.length).replace(/^: /, '').trim()}`];
    });
  });
}
