import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { claimProblems, claimsIn } from '../../../engine/cli/check/claims.ts';

const repository = new URL('../../../', import.meta.url).pathname;
const root = `${mkdtempSync(join(tmpdir(), 'claims-'))}/`;
mkdirSync(`${root}lessons`);
for (const folder of ['engine', 'src']) symlinkSync(repository + folder, root + folder);
afterAll(() => rmSync(root, { recursive: true }));

describe('claims in the text of a lesson', () => {
  it('are found in sentences and in rows, with their props as the site reads them', () => {
    const text = `A <Measure scenario="one" metric="p99" backends={['a', "}"]} set={{ '/pools/0': { name: 'x' } }} atMost={5} /> claim,
and <Measure scenario="one" metric="p50" /> that claims nothing.

<Outcomes scenario="two" metric="mean" set={{ '/a': 1 }}
  rows={[{ label: 'a', atLeast: 1 }, { label: 'b' }, { label: 'c', set: { '/b': 2 }, between: [1, 2] }]}>`;
    const claims = claimsIn(text);
    expect(claims.map(({ line }) => line)).toEqual([1, 4, 4]);
    expect(JSON.parse(JSON.stringify(claims.map(({ asked }) => asked)))).toEqual([
      { scenario: 'one', metric: 'p99', backends: ['a', '}'], set: { '/pools/0': { name: 'x' } }, atMost: 5 },
      { scenario: 'two', metric: 'mean', label: 'a', atLeast: 1, set: { '/a': 1 } },
      { scenario: 'two', metric: 'mean', label: 'c', between: [1, 2], set: { '/a': 1, '/b': 2 } },
    ]);
  });

  it('are tried with every seed, and a false one is told with how many it holds and what came out first', async () => {
    writeFileSync(
      `${root}lessons/01-some.mdx`,
      `<Measure scenario="equal-turns" metric="p99" to="8 s" atLeast={100} />
<Measure scenario="equal-turns" metric="p99" to="8 s" over={{ backends: ['s1'] }} atLeast={1.5} />
<Measure scenario="equal-turns" metric="share" backends={['s1']} atLeast={90} />`,
    );
    const problems = await claimProblems(root, '01-some', 2);
    expect(problems).toEqual([
      expect.stringMatching(
        /^lessons\/01-some\.mdx, line 3: the claim on share of equal-turns holds with 0 of 2 seeds; with seed 1 it is 20\.013, and the text claims at least 90\.$/,
      ),
    ]);
  });
});
