import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';

const solution = (kata: string) => readFileSync(`katas/${kata}/solution.ts`, 'utf8');

/** A picker whose pick() begins with these lines; the first of them is line 5. */
function picker(...lines: string[]): string {
  return `import type { Picker } from 'ballast';
export default function picker(): Picker {
  return {
    pick(backends, request, ctx) {
${lines.join('\n')}
      return backends[0];
    },
  };
}
`;
}

async function submit(page: Page, source: string): Promise<void> {
  await page.locator('.b-editor-host .cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(source);
  await page.getByRole('button', { name: 'Submit' }).click();
}

async function open(page: Page, kata: string): Promise<void> {
  await page.goto(`katas/${kata}/`);
  await expect(page.locator('.b-editor-host .cm-content')).toBeAttached({ timeout: 15_000 });
}

const solved = /^(\d+) of \1 visible, (\d+) of \2 hidden$/;
const heading = (page: Page) => page.getByRole('region', { name: 'Results' }).getByRole('heading', { level: 2 });
const title = (page: Page) => page.getByRole('article').getByRole('heading');

/** What goes wrong, the code, the title, the line, and a piece of the message. */
const mishaps: readonly (readonly [string, string, string | RegExp, number, string | RegExp])[] = [
  ['a syntax error', picker('      const = 3;'), 'Does not compile: line 5', 5, 'Variable declaration expected.'],
  [
    'a type error',
    picker('      const n: number = "x";'),
    'Does not compile: line 5',
    5,
    /not assignable to type 'number'/,
  ],
  ['the network', picker('      fetch("/");'), 'Does not compile: line 5', 5, "Cannot find name 'fetch'."],
  [
    'an error',
    picker('', '      if (request.id > 20) throw new Error("no luck");'),
    'Threw: pick() ended with an error',
    6,
    /no luck\./,
  ],
  [
    'a write to a backend',
    picker('      Object.assign(backends[0]!, { inFlight: 0 });'),
    'Threw: pick() ended with an error',
    5,
    'Backends, requests and outcomes are read-only: keep your own state in a Map.',
  ],
  [
    'something that is no backend',
    picker('      if (request.id === 3) return { ...backends[0]! };'),
    'Wrong answer: pick() returned something that is no possible answer',
    5,
    /An object was returned, which is no backend: expected one of s1, s2, s3, s4/,
  ],
  [
    'a loop without end',
    picker('      let n = 0;', '      while (true) n++;'),
    'Ran too long: pick() did not come to an end',
    6,
    /more than 2 000 000 steps in one call\. The loop at line 6 never ended/,
  ],
  [
    'a function that calls itself without end',
    picker('      const f = (n: number): number => f(n + 1) + 1;', '      f(0);'),
    'Ran too long: pick() calls itself without end',
    5,
    'A function calls itself at line 5',
  ],
  [
    'a list without end',
    picker('      const lists = [];', '      for (;;) lists.push(new Array(1e6).fill(1));'),
    'Too much memory: pick() asked for more than there is',
    6,
    /grows at line 6 and is never emptied/,
  ],
  [
    'a text without end',
    picker('      let text = "x";', '      for (;;) text += text;'),
    'Too much memory: pick() asked for more than there is',
    6,
    /grows at line 6/,
  ],
  [
    'a regular expression that never answers',
    picker('      const text = "a".repeat(40) + "b";', '      /^(a+)+$/.test(text);'),
    'Ran too long: your code stopped answering',
    6,
    /Look at line 6 for a slow regular expression/,
  ],
  [
    'an allocation behind the back of the guards',
    picker(
      '      const A = [].constructor as ArrayConstructor;',
      '      const lists = [];',
      '      for (;;) lists.push(new A(3e7));',
    ),
    /^(Ran too long: your code stopped answering|Too much memory: the sandbox was lost)$/,
    7,
    /[Ll]ook at line 7/,
  ],
];

test('each way of going wrong has its own message with the line, and after each the next run works', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const broken: string[] = [];
  page.on('pageerror', ({ message }) => broken.push(message));
  await open(page, 'round-robin');
  for (const [what, source, named, line, told] of mishaps) {
    await test.step(what, async () => {
      await submit(page, source);
      await expect(title(page)).toHaveText(named);
      const failure = page.getByRole('article');
      await expect(failure.getByRole('button', { name: `Line ${line}`, exact: false })).toBeVisible();
      await expect(failure).toContainText(told);

      await submit(page, solution('round-robin'));
      await expect(heading(page)).toHaveText(solved);
    });
  }
  expect(broken).toEqual([]);
});

/** The Judge refuses a run whose digest is not that of its own replay, so a solved kata says that both computed the same. */
for (const kata of ['random', 'health-hysteresis']) {
  test(`the solution of ${kata} passes in the frame and in the Judge's replay, to the same digest`, async ({
    page,
  }) => {
    await open(page, kata);
    await submit(page, solution(kata));
    await expect(heading(page)).toHaveText(solved);
  });
}

/** Each line names what it reached that it should not, or nothing. */
const reached = `
      const found: string[] = [];
      const world = globalThis as unknown as Record<string, unknown>;
      const names = 'self window document parent fetch XMLHttpRequest WebSocket EventSource importScripts postMessage Worker ' +
        'indexedDB caches localStorage navigator location crypto performance Date setTimeout queueMicrotask eval Function ' +
        'WebAssembly SharedArrayBuffer Atomics Intl WeakRef MessageChannel BroadcastChannel Blob URL onmessage';
      for (const name of names.split(' ')) if (world[name] !== undefined) found.push(name);
      const attempt = (name: string, act: () => unknown) => {
        try {
          if (act() !== false) found.push(name);
        } catch {
          // That is as it should be.
        }
      };
      const maker = (() => undefined).constructor as unknown as (code: string) => () => unknown;
      attempt('code from text', () => maker('return 1')());
      attempt('a prototype', () => { (Array.prototype as { push: unknown }).push = 1; });
      attempt('a global', () => { world['Map'] = 1; });
      attempt('a view', () => { (Object.getPrototypeOf(backends[0]) as { id: unknown }).id = 1; });
      attempt('a constructor', () => (Object.getPrototypeOf(backends[0]) as object).hasOwnProperty('constructor'));
      attempt('the guard', () => { world['__ballast_step'] = () => undefined; });
      attempt('the context', () => { (ctx as { nowUs: number }).nowUs = 1; });
      if (found.length > 0) throw new Error('reached ' + found.join(', '));`;

test('the frame has no origin, may load nothing, and learner code in it reaches nothing beyond the language', async ({
  page,
}) => {
  await open(page, 'random');
  await submit(page, picker(reached));
  // It then only picks the first backend, which is a wrong answer and no error: nothing was reached.
  await expect(title(page)).toHaveText('Wrong answer: a backend is never picked');

  const frame = page.locator('iframe[sandbox]');
  await expect(frame).toHaveCount(1);
  await expect(frame).toHaveAttribute('sandbox', 'allow-scripts');
  const document = await frame.evaluate((element: HTMLIFrameElement) => element.srcdoc);
  expect(document).toMatch(
    /^<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}=' blob:; worker-src blob:; connect-src 'none'">/,
  );
});
