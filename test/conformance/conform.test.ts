/**
 * Every recorded trace and every published vector, replayed. `npm run conform -- test/conformance/data` prints the same, row by row.
 * data/recorded/README.md says how the recordings were made.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../engine/cli/conform/conformance.ts';

for (const kind of ['vectors', 'recorded']) {
  const folder = new URL(`data/${kind}/`, import.meta.url);
  describe(kind, () => {
    test.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s is reproduced', (name) => {
      const rows = findingsOf(name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      expect(rows.filter(({ finding }) => finding.is === 'differing')).toEqual([]);
    });
  });
}
