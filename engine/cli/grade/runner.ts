/**
 * A thread that takes submissions one after the other: compiles them, and hands what compiles to a realm. The compiler reads strangers' code as well,
 * so a source that keeps it busy or fills its memory ends this thread, never the batch.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { PolicyKind } from '../../grade/kata.ts';
import type { Instrumented } from '../../grade/instrumented.ts';
import { language } from '../language.ts';
import type { Realm, RealmJob, RealmLimits, RealmResult } from './realm.ts';

export interface RunnerJob {
  readonly source: string;
  readonly kind: PolicyKind;
  readonly tests: RealmJob['tests'];
}

export type RunnerAnswer =
  | { readonly kind: 'does-not-compile'; readonly line: number; readonly message: string }
  | ({ readonly kind: 'ran'; readonly insertions: Instrumented['insertions'] } & RealmResult);

export interface RunnerData {
  readonly kernel: string;
  readonly engine: 'quickjs' | 'node';
  readonly limits: RealmLimits;
}

const { kernel, engine, limits } = workerData as RunnerData;
const realm = await realmOf(engine);

parentPort!.on('message', (job: RunnerJob) => {
  void answer(job).then((said) => parentPort!.postMessage(said));
});
parentPort!.postMessage('ready');

async function realmOf(name: RunnerData['engine']): Promise<Realm> {
  if (name === 'node') {
    const { runInNode } = await import('./node-realm.ts');
    return (job) => runInNode(job, limits);
  }
  const { runInQuickJs } = await import('./quickjs-realm.ts');
  return (job) => runInQuickJs(job, limits);
}

async function answer({ source, kind, tests }: RunnerJob): Promise<RunnerAnswer> {
  const [error] = language.diagnostics(source, kind).filter(({ severity }) => severity === 'error');
  if (error) return { kind: 'does-not-compile', line: error.line, message: error.message };
  const code = language.instrument(source, { marks: false });
  return { kind: 'ran', insertions: code.insertions, ...(await realm({ kernel, kind, code, tests })) };
}
