/** A Firefox without a screen, driven over WebDriver BiDi: as much of it as the attack suite needs. Playwright drives only a Firefox of its own. */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The path of a Firefox: BALLAST_FIREFOX, or one that the system has; undefined when there is none. */
export function findFirefox(): string | undefined {
  const named = process.env['BALLAST_FIREFOX'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onSystem = ['firefox', 'firefox-esr'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...(named ? [named] : []), ...onSystem].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface Page {
  /** Evaluates a function of the page's own with these arguments; both ways it must be JSON. */
  call<T>(source: string, ...given: unknown[]): Promise<T>;
  close(): Promise<void>;
}

export async function openInFirefox(program: string, url: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'ballast-firefox-'));
  const quiet = [
    'datareporting.policy.dataSubmissionEnabled',
    'app.update.enabled',
    'browser.shell.checkDefaultBrowser',
  ];
  writeFileSync(join(profile, 'user.js'), quiet.map((name) => `user_pref("${name}", false);\n`).join(''));
  const firefox = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    firefox.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const match = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
      if (match) resolve(match[1]!);
    });
    firefox.once('exit', () => reject(new Error(`${program} ended before it could be spoken to: ${said}`)));
  });

  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`No connection to ${address}.`));
  });
  let sent = 0;
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  };
  const ask = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const id = (sent += 1);
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.result === undefined) throw new Error(`${method}: ${answer.message ?? answer.error}`);
    return answer.result;
  };

  await ask('session.new', { capabilities: {} });
  const { contexts } = (await ask('browsingContext.getTree', {})) as { contexts: { context: string }[] };
  const context = contexts[0]!.context;
  await ask('browsingContext.navigate', { context, url, wait: 'complete' });

  return {
    async call<T>(source: string, ...given: unknown[]) {
      const expression = `Promise.resolve((${source})(...${JSON.stringify(given)})).then((value) => JSON.stringify(value) ?? 'null')`;
      const target = { context };
      const answer = await ask('script.evaluate', { expression, target, awaitPromise: true });
      const result = answer['result'] as { value?: string } | undefined;
      if (result?.value === undefined) throw new Error(`The page failed: ${JSON.stringify(answer).slice(0, 500)}`);
      return JSON.parse(result.value) as T;
    },
    async close() {
      await ask('browser.close', {});
      await new Promise((resolve) => (firefox.exitCode === null ? firefox.once('exit', resolve) : resolve(null)));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Answer {
  readonly id: number;
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}
