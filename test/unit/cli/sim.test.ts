import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

function sim(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['engine/cli/sim.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run sim', () => {
  it('runs a scenario to the digest that is written down', () => {
    const digests = JSON.parse(readFileSync(`${root}test/conformance/data/digests.json`, 'utf8')) as Record<
      string,
      string
    >;
    const { status, stdout } = sim('engine/scenarios/paths-to-pools.json', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { digest: string; backends: { pool: string }[] };
    expect(report.digest).toBe(digests['paths-to-pools']);
    expect(report.backends.map(({ pool }) => pool)).toEqual(['web', 'web', 'web', 'gpu', 'gpu']);
  });

  it('prints a table, under another picker and seed if told so', () => {
    const { stdout } = sim('engine/scenarios/equal-turns.json', '--picker', 'least-connections', '--seed', '5');
    expect(stdout).toMatch(/seed 5, 16 s/);
    expect(stdout).toMatch(/^backend +pool +believed/m);
    expect(stdout.match(/^s[1-5] /gm)).toHaveLength(5);
  });

  it.each([
    [[], /^Usage: /],
    [['--colour'], /Unknown option '--colour'[\s\S]*Usage: /],
    [['nowhere.json'], /^nowhere\.json: cannot be read .* Give the path of a scenario file\./],
    [['README.md'], /^README\.md: is not JSON/],
    [['package.json'], /^package\.json: shows: found nothing, expected text\. Add the field\./m],
    [['engine/scenarios/equal-turns.json', '--seed', 'x'], /^--seed: found "x", expected a whole number/],
    [
      ['engine/scenarios/equal-turns.json', '--picker', 'rand'],
      /with --picker rand: pools\[0\]\.picker\.name: found "rand"/,
    ],
  ])('says what is wrong with %j and ends with 1', (args, message) => {
    const { status, stderr } = sim(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });
});
