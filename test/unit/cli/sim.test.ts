import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../engine/cli/sim/command.ts';

const root = new URL('../../../', import.meta.url).pathname;

const sim = (...args: string[]): Promise<string> => simulate(args);

async function json(...args: string[]) {
  return JSON.parse(await sim(...args, '--json')) as {
    digest: string;
    failures: Record<string, number>;
    backends: { pool: string }[];
  };
}

describe('npm run sim', () => {
  it('runs a scenario to the digest that is written down', async () => {
    const digests = JSON.parse(readFileSync(`${root}test/conformance/data/digests.json`, 'utf8')) as Record<
      string,
      string
    >;
    const report = await json('engine/scenarios/paths-to-pools.json');
    expect(report.digest).toBe(digests['paths-to-pools']);
    expect(report.backends.map(({ pool }) => pool)).toEqual(['web', 'web', 'web', 'gpu', 'gpu']);
  });

  it('prints a table, under another policy and seed if told so', async () => {
    const text = await sim('equal-turns', '--policy', 'least-connections', '--seed', '5');
    expect(text).toMatch(/seed 5, 16 s/);
    expect(text).toMatch(/^backend +pool +believed/m);
    expect(text.match(/^s[1-5] /gm)).toHaveLength(5);
  });

  it('lets a file decide, of the kind that its types name, and replays what it decided', async () => {
    const own = await json('equal-turns');
    const file = await json('equal-turns', '--policy', 'katas/round-robin/solution.ts');
    expect(file.digest).toBe(own.digest);
    const limited = 'katas/token-bucket/scenarios/visible-1-a-steady-overrun.json';
    const starter = 'katas/token-bucket/starter.ts';
    expect((await json(limited)).failures).not.toEqual({});
    expect((await json(limited, '--policy', starter)).failures).toEqual({});
  });

  it('replaces what a tier is found by, its flow tables, and a judge of responses', async () => {
    for (const [scenario, policy] of [
      ['ecmp-maglev', 'connection-table'],
      ['region-dies-geodns-60', 'round-robin-dns'],
      ['hang-under-passive-check', 'consecutive-failures'],
    ] as const) {
      expect((await json(scenario, '--policy', policy)).digest).not.toBe((await json(scenario)).digest);
    }
  });

  it('ends with 1 and the message when something is wrong', () => {
    const { status, stderr } = spawnSync(process.execPath, ['engine/cli/sim.ts', 'nowhere.json'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^nowhere\.json: cannot be read/);
    expect(status).toBe(1);
  });

  it.each([
    [[], /^Usage: /],
    [['--colour'], /Unknown option '--colour'[\s\S]*Usage: /],
    [
      ['nowhere.json'],
      /^nowhere\.json: cannot be read .* Give a scenario's file, or the name of one in engine\/scenarios\./,
    ],
    [['README.md'], /^README\.md: is not JSON/],
    [['package.json'], /^package\.json: shows: found nothing, expected text\. Add the field\./m],
    [['engine/scenarios/equal-turns.json', '--seed', 'x'], /^--seed: found "x", expected a whole number/],
    [
      ['equal-turns', '--policy', 'rand'],
      /^--policy: found "rand", expected a file\.ts or one of\n {2}picker: random, /,
    ],
    [['equal-turns', '--policy', 'geo'], /equal-turns has no policy of the kind resolver to replace; it has picker\./],
    [['equal-turns', '--policy', 'nowhere.ts'], /^--policy: there is no file nowhere\.ts\./],
    [['equal-turns', '--policy', 'engine/cli/table.ts'], /names no interface of a policy .* --kind picker/],
    [['equal-turns', '--policy', 'random', '--kind', 'chooser'], /^--kind: found "chooser", expected one of picker, /],
    [['equal-turns', '--kind', 'picker'], /add --policy/],
    [
      [
        'katas/token-bucket/scenarios/visible-1-a-steady-overrun.json',
        '--policy',
        'token-bucket',
        '--kind',
        'admission',
      ],
      /^--kind admission: no scenario names one\. Give a file instead/,
    ],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(sim(...args)).rejects.toThrow(message);
  });
});
