import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/components/terminal/commands/index.ts';
import { terminal } from './fake-lab.ts';

/** What a line prints, and what it asks of the lab. */
async function say(line: string): Promise<{ readonly text: string; readonly asked: readonly unknown[] }> {
  const { lab, screen, shell } = terminal();
  await shell.type(line);
  return { text: screen.text, asked: lab.asked };
}

describe('faults', () => {
  test.each([
    ['kill s2', { do: 'crash', backend: 's2' }],
    ['hang s2', { do: 'hang', backend: 's2' }],
    ['slow s2 2.5', { do: 'slow', backend: 's2', factor: 2.5 }],
    ['recover s2', { do: 'recover', backend: 's2' }],
  ])('%s', async (line, action) => {
    const { text, asked } = await say(line);
    expect(asked).toEqual([action]);
    expect(text).toMatch(/^t = 0\.000 s: did /);
  });

  test.each([
    ['slow s9 5', 'slow: no backend s9. Backends: s1, s2, s10.\nUsage: slow <backend> <factor>\n'],
    ['kill', 'kill: which backend? Backends: s1, s2, s10.\nUsage: kill <backend>\n'],
    ['slow s1', 'slow: by what factor?\nUsage: slow <backend> <factor>\n'],
    ['slow s1 0.5', 'slow: "0.5" is not a number of 1 or more.\nUsage: slow <backend> <factor>\n'],
    ['slow s1 fast', 'slow: "fast" is not a number of 1 or more.\nUsage: slow <backend> <factor>\n'],
    ['kill s1 s2', 'kill: "s2" is one word too many.\nUsage: kill <backend>\n'],
  ])('%s says how it is used', async (line, message) => {
    expect(await say(line)).toEqual({ text: message, asked: [] });
  });
});

describe('the clock', () => {
  test('run with a duration waits for its end and counts', async () => {
    const { lab, screen, shell } = terminal();
    const ran = shell.type('run 5s');
    await expect.poll(() => lab.running).toBe(true);
    expect(lab.asked).toEqual([['run', 5_000_000]]);
    expect(screen.text).toBe('');
    await lab.arrive(5_000_000);
    await ran;
    expect(screen.text).toBe('Stopped at t = 5.000 s: 3,600 arrived, 3,512 served, 88 failed.\n');
  });

  test('run alone gives the prompt back, goes to the end, and tells when it stands', async () => {
    const { lab, screen, shell } = terminal();
    await shell.type('run');
    expect(lab.asked).toEqual([['run', 20_000_000]]);
    await shell.type('run');
    expect(screen.text).toContain('The clock runs already.');
    await lab.arrive(20_000_000);
    await expect.poll(() => screen.text).toContain('The scenario ended at t = 20.000 s');
    await shell.type('run');
    expect(screen.text).toContain('seek 0 goes back to its start.');
  });

  test('Ctrl-C stops a run and drops what was typed behind it', async () => {
    const { lab, screen, shell } = terminal();
    const ran = shell.type('run 5s');
    const next = shell.type('kill s2');
    await expect.poll(() => lab.running).toBe(true);
    await shell.interrupt();
    await Promise.all([ran, next]);
    expect(lab.running).toBe(false);
    expect(lab.asked).toEqual([['run', 5_000_000]]);
    expect(screen.text).toContain('Stopped at t = 0.000 s');
    await shell.type('kill s2');
    expect(lab.asked).toHaveLength(2);
  });

  test('a button acts at once, beside what runs, and shows its command', async () => {
    const { lab, screen, shell } = terminal();
    const ran = shell.type('run 5s');
    await expect.poll(() => lab.running).toBe(true);
    await shell.press('kill s2');
    expect(lab.running).toBe(true);
    await shell.press('step');
    await ran;
    expect(lab.running).toBe(false);
    expect(screen.echoed).toEqual(['run 5s', 'kill s2', 'step']);
    expect(screen.text).toMatch(/did crash[^]*Stopped at /);
  });

  test('step tells the event, as often as asked', async () => {
    const event = '11.200  in flight   request 3,372 goes to s2, 6 in flight there\n';
    expect((await say('step 2')).text).toBe(event + event);
  });

  test('back goes back by one event', async () => {
    expect(await say('back')).toEqual({ text: 't = 0.000 s\n', asked: [['back']] });
  });

  test('step at the end says so', async () => {
    const { lab, screen, shell } = terminal();
    lab.nowUs = 20_000_000;
    await shell.type('step');
    expect(screen.text).toBe('The scenario ended at t = 20.000 s.\n');
  });

  test.each([
    ['seek 8s', 8_000_000, ''],
    ['seek 250ms', 250_000, ''],
    ['seek 1.5', 1_500_000, ''],
    ['seek +2s', 7_000_000, ''],
    ['seek -2s', 3_000_000, ''],
    ['seek -9s', 0, 'as far as this scenario goes'],
    ['seek 1m', 20_000_000, 'as far as this scenario goes'],
  ])('%s from 5 s', async (line, atUs, note) => {
    const { lab, screen, shell } = terminal();
    lab.nowUs = 5_000_000;
    await shell.type(line);
    expect(lab.nowUs).toBe(atUs);
    expect(screen.text).toContain(note);
  });

  test.each([
    ['run fast', 'run: "fast" is not a duration. Write 250ms, 10s or 1.5m.\nUsage: run [duration]\n'],
    ['run 0s', 'run: "0s" is not a duration. Write 250ms, 10s or 1.5m.\nUsage: run [duration]\n'],
    ['step 0', 'step: "0" is not a whole number of 1 or more.\nUsage: step [n]\n'],
    ['step 5000', 'step: 5,000 steps are too many; run or seek goes farther.\nUsage: step [n]\n'],
    ['seek', 'seek: to which time?\nUsage: seek <time>\n'],
    ['seek now', 'seek: "now" is not a time. Write 8s, 250ms, +2s or -2s.\nUsage: seek <time>\n'],
    ['speed fast', 'speed: "fast" is not a number from 0.01 to 1,000.\nUsage: speed [factor]\n'],
    ['speed 2000', 'speed: "2000" is not a number from 0.01 to 1,000.\nUsage: speed [factor]\n'],
  ])('%s says how it is used', async (line, message) => {
    expect((await say(line)).text).toBe(message);
  });

  test('speed is said and set', async () => {
    expect((await say('speed')).text).toBe('Speed 1: one simulated second a second.\n');
    expect((await say('speed .25')).text).toBe('Speed 0.25: 0.25 simulated seconds a second.\n');
  });
});

describe('watching', () => {
  test('top shows belief beside truth, and a percentile with its n', async () => {
    const { text } = await say('top');
    expect(text).toContain('s1\t1\thealthy\thealthy\t2\t0\t1,200\t0\t89\u00a0ms\t400');
    expect(text).toContain('s2\t1\thealthy\tcrashed\t2\t0\t1,200\t0\t–\t0');
  });

  test.each([
    ['tail', ['events', {}, 10]],
    ['tail 20 health', ['events', { kind: 'health' }, 20]],
    ['tail s2 3', ['events', { backend: 's2' }, 3]],
  ])('%s', async (line, asked) => {
    expect((await say(line)).asked).toEqual([asked]);
  });

  test('tail -f starts the clock and follows until it stands', async () => {
    const { lab, screen, shell } = terminal();
    const tailed = shell.type('tail -f failed');
    await expect.poll(() => lab.running).toBe(true);
    expect(screen.text).toContain('more than can be shown');
    await shell.interrupt();
    await tailed;
    expect(lab.asked).toEqual([
      ['events', { kind: 'failed' }, 10],
      ['follow', { kind: 'failed' }],
      ['run', 20_000_000],
    ]);
    expect(screen.text).toMatch(/Stopped at t = 0\.000 s\.\n$/);
  });

  test.each([
    ['tail s9', 'tail: "s9" is neither a number of lines, -f, a backend nor an event.'],
    ['tail 99999', 'tail: at most 1,000 lines.'],
    ['top 5', 'top: "5" is one word too many.'],
  ])('%s says how it is used', async (line, message) => {
    expect((await say(line)).text).toContain(message);
  });
});

describe('curl', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };

  test.each<[string, object]>([
    ['curl http://lb:9000/backends', { method: 'GET', path: '/backends', headers: {} }],
    ['curl lb:9000/health', { method: 'GET', path: '/health', headers: {} }],
    ['curl /backends/s2', { method: 'GET', path: '/backends/s2', headers: {} }],
    ['curl -X DELETE /backends/s2?force=true', { method: 'DELETE', path: '/backends/s2?force=true', headers: {} }],
    ['curl -XPUT /health', { method: 'PUT', path: '/health', headers: {} }],
    [`curl -d '{"id":"s6"}' /backends`, { method: 'POST', path: '/backends', headers: JSON_TYPE, body: '{"id":"s6"}' }],
    [
      `curl -H 'If-Match: "1"' -H 'Content-Type: text/plain' --data=x /backends`,
      { method: 'POST', path: '/backends', headers: { 'content-type': 'text/plain', 'if-match': '"1"' }, body: 'x' },
    ],
  ])('%s', async (line, request) => {
    expect((await say(line)).asked).toEqual([request]);
  });

  test('prints the body as indented JSON, and with -i the status and headers before it', async () => {
    expect((await say('curl /backends')).text).toBe('{\n  "backends": []\n}\n');
    expect((await say('curl -i /backends')).text).toBe('HTTP/1.1 200 OK\netag: "1"\n\n{\n  "backends": []\n}\n');
  });

  test.each([
    ['curl', 'which URL?'],
    ['curl http://lb/videos', "is the balancer's own door"],
    ['curl http://example.org/', 'cannot reach example.org'],
    ['curl -z /backends', 'no option -z'],
    ['curl -d', '-d needs a value'],
    ['curl /a /b', 'is a second URL'],
    ['curl -H nothing /a', 'is not a header'],
    [`curl -d '{"id"`, "This line ends inside a ' quote; close it."],
  ])('%s says what is wrong', async (line, message) => {
    const { text, asked } = await say(line);
    expect(text).toContain(message);
    expect(asked).toEqual([]);
  });
});

describe('the session', () => {
  test('help names every command and explains each', async () => {
    const { text } = await say('help');
    for (const { name, usage, summary, example } of COMMANDS) {
      expect(text).toContain(`${usage}\t${summary}`);
      const one = (await say(`help ${name}`)).text;
      expect(one).toContain(summary);
      expect(one).toContain(`Example: ${example}`);
    }
  });

  test.each([
    ['slwo s1 5', 'slwo: no such command. Did you mean slow? help lists them all.\n'],
    ['launch', 'launch: no such command. help lists them all.\n'],
    ['help slo', 'help: no command slo. Did you mean slow?\nUsage: help [command]\n'],
    ['scenario crahs', 'scenario: no scenario crahs. Did you mean crash?\nUsage: scenario [name]\n'],
    ['seed -1', 'seed: "-1" is not a whole number from 0 to 4294967295.\nUsage: seed [number]\n'],
  ])('%s names the nearest', async (line, message) => {
    expect((await say(line)).text).toBe(message);
  });

  test.each([
    ['scenario crash', ['load', { name: 'crash' }]],
    ['seed 7', ['load', { seed: 7 }]],
    ['reset', ['load', {}]],
  ])('%s loads the world', async (line, asked) => {
    expect((await say(line)).asked).toEqual([asked]);
  });

  test('history lists what was typed, once where it repeats, also commands that failed', async () => {
    const { screen, shell } = terminal();
    for (const line of ['top', 'top', ' ', 'nonsense', 'clear', 'history']) await shell.type(line);
    expect(screen.text).toBe('1  top\n2  nonsense\n3  clear\n4  history\n');
  });

  test('an unexpected failure is told and the next command runs', async () => {
    const { lab, screen, shell } = terminal();
    lab.seek = () => Promise.reject(new Error('the worker died'));
    await shell.type('seek 5s');
    await shell.type('speed');
    expect(screen.text).toBe('seek: the worker died.\nSpeed 1: one simulated second a second.\n');
  });
});

test('no line breaks the shell, and control characters never reach the screen', async () => {
  // `run` and `tail -f` wait for a clock that only a test moves.
  const names = COMMANDS.map((command) => command.name).filter((name) => !['run', 'tail'].includes(name));
  const known = fc.constantFrom('s1', '-i', '-d', '-X', '/backends', '9');
  const word = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), known);
  const line = fc
    .tuple(fc.constantFrom(...names, ''), fc.array(word))
    .map(([name, words]) => [name, ...words].join(' '));
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      const { text: printed } = await say(text);
      expect(printed.replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(/\p{Cc}/u);
    }),
  );
});
