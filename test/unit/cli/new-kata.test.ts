import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import * as ballast from '../../../engine/index.ts';
import type { Check } from '../../../engine/index.ts';
import { tryKata } from '../../../engine/cli/check/kata-report.ts';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { makeKata } from '../../../engine/cli/new/make-kata.ts';
import { policyKinds } from '../../../engine/grade/policy-kinds.ts';

const repository = new URL('../../../', import.meta.url).pathname;
const root = `${mkdtempSync(join(tmpdir(), 'new-kata-'))}/`;
for (const folder of ['katas', 'src']) mkdirSync(root + folder);
for (const file of ['katas/catalog.ts', 'src/course.ts']) cpSync(repository + file, root + file);
afterAll(() => rmSync(root, { recursive: true }));

const make = (...args: string[]): Promise<string> => makeKata(root, args);

/** As the module would export them, did it lie in the repository. */
function checksOf(slug: string): readonly Check[] {
  const text = readFileSync(`${root}katas/${slug}/checks.ts`, 'utf8');
  const list = /Check\[\] = (\[[\s\S]*\]);/.exec(text)![1]!;
  return runInNewContext(list, { ...ballast }) as readonly Check[];
}

describe('npm run new:kata', () => {
  it.each(policyKinds)(
    'makes a kata of the kind %s whose starter fails, whose solutions pass and whose mutants die',
    async (kind) => {
      const slug = `a-new-${kind}`;
      expect(await make(slug, '--policy', kind)).toMatch(/Fill in, in this order/);
      const report = tryKata(readKataFolder(`${root}katas`, slug), checksOf(slug), 1);
      expect(report).toMatchObject({ problems: [], visible: 3, hidden: 6, killed: 4, accepted: 3 });
    },
  );

  it('takes number, title and lesson of a planned kata from the plan, and adds any other to its end', async () => {
    await make('slow-start', '--policy', 'picker');
    const planned = readFileSync(`${root}katas/slow-start/kata.mdx`, 'utf8');
    expect(planned).toMatch(/title: Slow start\nnumber: 16\npolicy: picker\nlesson: 11-drain-and-slow-start\n/);
    const catalog = readFileSync(`${root}katas/catalog.ts`, 'utf8');
    expect(catalog.match(/\.\.\.group\('More', \[/g)).toHaveLength(1);
    for (const kind of policyKinds) expect(catalog).toContain(`'a-new-${kind}'`);
    expect(catalog).not.toMatch(/'slow-start'[\s\S]*'slow-start'[\s\S]*'slow-start'/);
  });

  it.each([
    [[], /^Usage: npm run new:kata/],
    [['one', 'two'], /^Usage: /],
    [['--colour'], /Unknown option '--colour'[\s\S]*Usage: /],
    [['Slow Start', '--policy', 'picker'], /found "Slow Start", expected lower-case letters .* like sticky-cookie/],
    [['mine'], /^--policy: found nothing, expected one of picker, health, /],
    [['mine', '--policy', 'chooser'], /^--policy: found chooser, expected one of picker, /],
    [
      ['mine', '--policy', 'picker', '--lesson', '99-none'],
      /^--lesson: src\/course\.ts has no "99-none": 01-why-a-balancer, /,
    ],
    [['drain', '--policy', 'picker'], /plans drain as a Lifecycle, and picker is a Picker/],
    [['a-new-picker', '--policy', 'picker'], /^katas\/a-new-picker is there already/],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(make(...args)).rejects.toThrow(message);
  });
});
