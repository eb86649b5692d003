/**
 * Learner code in QuickJS, compiled to WebAssembly: no file, no network and no clock of this machine exist in there, memory has a hard limit, and a
 * run that takes too long is interrupted. It interprets, so it is some seventy times slower than Node.
 */
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { MEMORY_BYTES } from './realm.ts';
import type { Ended, RealmJob, RealmLimits, RealmResult } from './realm.ts';

/**
 * The limit that holds. QuickJS's own counts, where it is compiled to WebAssembly, only the overhead of each allocation and not its size, so a million small
 * lists would go a long way beyond it.
 */
const PAGE_BYTES = 65_536;
/** Node has it; its types leave it to those of browsers, which not every program that reads this file has: hence `never`, which fits both. */
declare const WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => object };
const wasmMemory = new WebAssembly.Memory({ initial: 256, maximum: MEMORY_BYTES / PAGE_BYTES }) as never;
const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory }));

/** Of QuickJS's own stack; the engine's deepest calls need a few dozen kilobytes. */
const STACK_BYTES = 512 * 1024;

/** QuickJS 2025-09 answers BigInt.asUintN(64, -1n) with -1n, which would seed every stream of random numbers otherwise than elsewhere. */
const MENDED = 'BigInt.asUintN = (bits, value) => BigInt(value) & ((1n << BigInt(bits)) - 1n);';

/** A fresh runtime for each submission; a module of its own for each test. */
export function runInQuickJs({ kernel, kind, code, tests }: RealmJob, limits: RealmLimits): RealmResult {
  const endMs = Date.now() + limits.timeMs;
  const runtime = quickjs.newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => Date.now() > endMs);
  const realm = new QuickRealm(runtime.newContext());
  const runs: string[] = [];
  try {
    realm.start(kernel);
    for (const { scenario, seed } of tests) {
      const run = realm.test(JSON.stringify(code.sites), code.js, JSON.stringify({ kind, scenario, seed }));
      runs.push(run);
    }
    return { runs };
  } catch (error) {
    if (!(error instanceof RealmEnded)) throw error;
    return { runs, ended: error.ended };
  }
  // What ran out of memory cannot always be freed in good order, so nothing is: the runtime goes with its thread's memory when that is replaced.
}

class RealmEnded extends Error {
  readonly ended: Ended;
  constructor(ended: Ended, message: string) {
    super(message);
    this.ended = ended;
  }
}

class QuickRealm {
  private readonly context: QuickJSContext;
  private kernel!: QuickJSHandle;

  constructor(context: QuickJSContext) {
    this.context = context;
  }

  start(script: string): void {
    this.unwrap(this.context.evalCode(MENDED));
    this.unwrap(this.context.evalCode(script, 'kernel.js'));
    const make = this.context.getProp(this.context.global, 'ballastKernel');
    this.kernel = this.unwrap(this.context.callFunction(make, this.context.undefined));
  }

  test(sites: string, js: string, test: string): string {
    const { context } = this;
    this.call('begin', context.newString(sites));
    const loaded = context.evalCode(js, 'learner.ts', { type: 'module' });
    if (loaded.error) {
      this.expectAlive(loaded.error);
      return this.call('failed', loaded.error);
    }
    const factory = context.getProp(loaded.value, 'default');
    return this.call('run', context.newString(test), factory);
  }

  private call(name: string, ...args: QuickJSHandle[]): string {
    const method = this.context.getProp(this.kernel, name);
    return this.context.getString(this.unwrap(this.context.callFunction(method, this.context.undefined, ...args)));
  }

  private unwrap(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (!result.error) return result.value;
    this.expectAlive(result.error);
    throw new RealmEnded('broken', JSON.stringify(this.context.dump(result.error)));
  }

  /** Interrupts and the end of memory are errors of QuickJS's own; the second may leave no room for an object to say so. */
  private expectAlive(error: QuickJSHandle): void {
    const said: unknown = this.context.dump(error);
    if (said === null || said === undefined) throw new RealmEnded('memory', 'no room for an error');
    const { name, message } = said as { name?: unknown; message?: unknown };
    if (name !== 'InternalError') return;
    if (message === 'interrupted') throw new RealmEnded('time', message);
    if (message === 'out of memory') throw new RealmEnded('memory', message);
  }
}
