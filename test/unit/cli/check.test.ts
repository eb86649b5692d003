import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

function check(...args: string[]) {
  return spawnSync(process.execPath, ['engine/cli/check.ts', ...args], { cwd: root, encoding: 'utf8' });
}

describe('npm run check', () => {
  it('reports on a kata: mutants killed, solutions accepted, and its costs', () => {
    const { stdout } = check('--report', '--seeds', '1', '--kata', 'health-hysteresis');
    expect(stdout).toMatch(/^health-hysteresis +\d+ +\d+ +(\d+)\/\1 +(\d+)\/\2 +[\d.]+ +\d+$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^1 katas, (\d+)\/\1 mutants killed, 3\/3 solutions accepted$/);
  });

  it.each([
    [['--seeds', 'many'], /^--seeds: found "many", expected a whole number from 1/],
    [['--claims', 'all'], /^--claims: found "all", expected a number of seeds/],
    [['--lessons', '--kata', 'random'], /^--lessons leaves katas out, and --kata names one/],
    [['--kata', 'nothing'], /^--kata: there is no "nothing": /],
  ])('says what is wrong with %j and ends with 1', (args, message) => {
    const { status, stderr } = check(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });
});
