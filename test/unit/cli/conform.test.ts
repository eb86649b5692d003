import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'conform-'));
const recording = readFileSync(`${root}test/conformance/data/recorded/nginx-wrr-7-3.json`, 'utf8');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function put(path: string, text: string): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

function conform(...args: string[]) {
  const { status, stdout } = spawnSync(process.execPath, ['engine/cli/conform.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  return { status, lines, last: lines.at(-1) };
}

describe('npm run conform', () => {
  it('reads the JSON files of a folder and of those in it, and nothing else', () => {
    put('tree/README.md', 'not JSON');
    put('tree/deep/er/one.json', recording);
    const { status, lines } = conform(join(folder, 'tree'));
    expect(lines).toEqual([
      `${folder}/tree/deep/er/one.json: matched 1, differing 0, not applicable 0`,
      'matched 1, differing 0, not applicable 0',
    ]);
    expect(status).toBe(0);
  });

  it('reads a file once that is named twice', () => {
    const file = put('twice/one.json', recording);
    expect(conform(file, join(folder, 'twice'), file).last).toBe('matched 1, differing 0, not applicable 0');
  });

  it('says where a recording differs, and ends with 1', () => {
    const wrong = { ...(JSON.parse(recording) as { picks: string[] }) };
    wrong.picks[4] = 's9';
    const { status, lines, last } = conform(put('wrong.json', JSON.stringify(wrong)));
    expect(lines[1]).toMatch(/^ {2}wrong\.json: differs at \[4\]: expected "s9", got "s\d"$/);
    expect(last).toBe('matched 0, differing 1, not applicable 0');
    expect(status).toBe(1);
  });

  it.each([
    ['a path that is not there', () => join(folder, 'nothing.json'), 'there is no such file or folder'],
    ['text', () => put('bad.json', '{ "vectors": ['), 'it is no JSON'],
    ['JSON of another format', () => put('other.json', '{"a": 1}'), 'neither a file of vectors'],
    ['vectors that are none', () => put('odd.json', '{"vectors": [7]}'), 'vectors[0] is no row'],
    ['an empty folder', () => put('none/README.md', '').replace('/README.md', ''), 'no JSON files in this folder'],
  ])('refuses %s, says so, and goes on', (_, make, message) => {
    const { status, lines, last } = conform(make(), put('good.json', recording));
    expect(lines[0]).toContain(message);
    expect(last).toBe('matched 1, differing 0, not applicable 0');
    expect(status).toBe(1);
  });

  it('ends with 2 if nothing was asked', () => {
    expect(conform()).toMatchObject({ status: 2, last: 'matched 0, differing 0, not applicable 0' });
  });
});
