/** The process of node-realm.ts: one job comes in as JSON, one line goes out for each test. */
import { readFileSync, writeSync } from 'node:fs';
import { constants, createContext, runInContext, SourceTextModule } from 'node:vm';
import type { Kernel } from '../../sandbox/kernel.ts';
import type { RealmJob } from './realm.ts';

const { kernel, kind, code, tests } = JSON.parse(readFileSync(0, 'utf8')) as RealmJob;
const context = createContext(constants.DONT_CONTEXTIFY);
runInContext(kernel, context, { filename: 'kernel.js' });
const realm = (runInContext('ballastKernel', context) as () => Kernel)();

for (const { scenario, seed } of tests) {
  realm.begin(JSON.stringify(code.sites));
  writeLine(await runTest(JSON.stringify({ kind, scenario, seed })));
}

async function runTest(test: string): Promise<string> {
  let factory: unknown;
  try {
    const learner = new SourceTextModule(code.js, { context, identifier: 'learner.ts' });
    await learner.link(() => {
      throw new Error('Imports are switched off here.');
    });
    await learner.evaluate();
    factory = (learner.namespace as { default?: unknown }).default;
  } catch (error) {
    return realm.failed(error);
  }
  return realm.run(test, factory);
}

function writeLine(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let from = 0; from < bytes.length;) from += written(bytes, from);
}

/** A full pipe says so, and is tried again. */
function written(bytes: Buffer, from: number): number {
  try {
    return writeSync(1, bytes, from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
