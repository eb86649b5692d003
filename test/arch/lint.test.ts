/** Lint keeps clocks, chance and inexact arithmetic out of the engine and the katas. */
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const eslint = new ESLint({ cwd: root, overrideConfigFile: '.config/eslint.config.js' });

describe('in the engine', () => {
  test.each([
    ['Math.random()', 'no-restricted-properties'],
    ['Math.log(2)', 'no-restricted-properties'],
    ['Date.now()', 'no-restricted-globals'],
    ['new Date()', 'no-restricted-globals'],
    ['setTimeout(() => 1, 2)', 'no-restricted-globals'],
    ['performance.now()', 'no-restricted-globals'],
    ['console.log(1)', 'no-restricted-globals'],
    ['globalThis.Math', 'no-restricted-globals'],
    ['2 ** 3', 'no-restricted-syntax'],
  ])('%s is an error', async (expression, rule) => {
    const [result] = await eslint.lintText(`export const x = ${expression};\n`, { filePath: `${root}engine/index.ts` });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain(rule);
  });

  test('exact arithmetic passes', async () => {
    const [result] = await eslint.lintText('export const x = Math.floor(2 / 3) + Math.sqrt(2) + Math.imul(3, 5);\n', {
      filePath: `${root}engine/index.ts`,
    });
    expect(result?.messages).toEqual([]);
  });
});

test.each([
  ['engine/pickers/round-robin.ts', true],
  ['katas/round-robin/solution.ts', true],
  ['katas/round-robin/mutants/uses-math-random.ts', false],
  ['engine/worker/simulation.ts', false],
  ['engine/cli/sim.ts', false],
  ['src/components/lesson/Figure.tsx', false],
])('%s: the ban applies: %s', async (path, applies) => {
  const config = (await eslint.calculateConfigForFile(root + path)) as { rules: Record<string, unknown> };
  expect('no-restricted-globals' in config.rules).toBe(applies);
});
