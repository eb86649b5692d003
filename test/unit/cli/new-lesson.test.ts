import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lessonProblems } from '../../../engine/cli/check/lessons.ts';
import { makeLesson } from '../../../engine/cli/new/make-lesson.ts';

const repository = new URL('../../../', import.meta.url).pathname;
const root = `${mkdtempSync(join(tmpdir(), 'new-lesson-'))}/`;
for (const folder of ['lessons', 'src']) mkdirSync(root + folder);
cpSync(`${repository}src/course.ts`, `${root}src/course.ts`);
afterAll(() => rmSync(root, { recursive: true }));

const make = (...args: string[]): Promise<string> => makeLesson(root, args);

describe('npm run new:lesson', () => {
  it('makes a lesson of the plan, with six beats and eight questions, that only lacks what is to be filled in', async () => {
    expect(await make('latency-aware')).toMatch(/^lessons\/07-latency-aware\.mdx and .*\.questions\.json\./);
    const text = readFileSync(`${root}lessons/07-latency-aware.mdx`, 'utf8');
    expect(text).toMatch(/title: Latency-aware\n[\s\S]*lesson: 7\npart: 2\nafter: \[05-least-connections\]/);
    const problems = lessonProblems(root, []);
    expect(problems.length).toBeGreaterThan(10);
    for (const problem of problems)
      expect(problem).toMatch(/^lessons\/07-latency-aware\.[a-z.]+, line \d+: still to fill in/);
  });

  it('adds a lesson that is not in the plan to its end', async () => {
    await make('a-postscript');
    expect(readFileSync(`${root}lessons/21-a-postscript.mdx`, 'utf8')).toMatch(/lesson: 21\npart: 6\n/);
    expect(readFileSync(`${root}src/course.ts`, 'utf8')).toContain(
      "lesson(21, 'a-postscript', 'A postscript', 6, []),\n];",
    );
  });

  it.each([
    [[], /^Usage: npm run new:lesson/],
    [['--colour'], /Unknown option '--colour'[\s\S]*Usage: /],
    [['Latency Aware'], /found "Latency Aware", expected lower-case letters .* like latency-aware/],
    [['07-latency'], /the plan in src\/course\.ts has no such lesson, and the next is number 2\d: "2\d-latency"/],
    [['latency-aware'], /^lessons\/07-latency-aware\.mdx is there already\. Not yet written: 01-why-a-balancer, /],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(make(...args)).rejects.toThrow(message);
  });
});
