/**
 * Learner code in a Node process of its own: as fast as in the browser, and behind no wall that holds. Node's own documents call the permission
 * model a seat belt, so this belongs into a container without a network.
 */
import { spawn } from 'node:child_process';
import type { RealmJob, RealmLimits, RealmResult } from './realm.ts';

const CHILD = new URL('./node-child.ts', import.meta.url).pathname;

/** More than any honest run prints. */
const MOST_OUTPUT = 256 * 1024 * 1024;

export function runInNode(job: RealmJob, limits: RealmLimits): Promise<RealmResult> {
  const megabytes = Math.ceil(limits.memoryBytes / 1024 / 1024);
  const flags = ['--permission', `--allow-fs-read=${CHILD}`, '--experimental-vm-modules', '--no-warnings'];
  const child = spawn(process.execPath, [...flags, `--max-old-space-size=${megabytes}`, CHILD], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return new Promise((resolve) => {
    let output = '';
    let ended: RealmResult['ended'];
    const stop = (why: RealmResult['ended']): void => {
      ended = why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop('time'), limits.timeMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > MOST_OUTPUT) stop('broken');
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(job));
    child.on('error', () => stop('broken'));
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      const runs = output.split('\n').slice(0, -1);
      // Node ends itself with SIGABRT (or SIGTRAP) when its heap is full.
      if (ended === undefined && signal !== null) ended = 'memory';
      if (ended === undefined && (status !== 0 || runs.length < job.tests.length)) ended = 'broken';
      resolve({ runs: runs.slice(0, job.tests.length), ...(ended && { ended }) });
    });
  });
}
