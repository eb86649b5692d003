import { Worker } from 'node:worker_threads';
import type { RunnerAnswer, RunnerData, RunnerJob } from './runner.ts';

/** Starting QuickJS and the compiler takes about two seconds on a busy machine, and the compiler must be done within the rest. */
const BESIDE_MS = 15_000;

/** Threads that run submissions, as many at a time as there are threads. One that does not answer, or dies, is replaced. */
export class Runners {
  private readonly idle: Runner[] = [];
  private readonly waiting: ((runner: Runner) => void)[] = [];
  private readonly data: RunnerData;

  constructor(count: number, data: RunnerData) {
    this.data = data;
    for (let at = 0; at < count; at += 1) this.idle.push(new Runner(data));
  }

  /** What came of it; 'time' and 'memory' if the thread itself had to be given up. */
  async run(job: RunnerJob): Promise<RunnerAnswer | 'time' | 'memory'> {
    const runner = this.idle.pop() ?? (await new Promise<Runner>((resolve) => this.waiting.push(resolve)));
    const answer = await runner.run(job, this.data.limits.timeMs + BESIDE_MS);
    const next = isSpent(answer) ? runner.replaced(this.data) : runner;
    const first = this.waiting.shift();
    if (first) first(next);
    else this.idle.push(next);
    return answer;
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.map((runner) => runner.close()));
  }
}

/** A QuickJS that ran out of memory or was interrupted is not trusted with another submission. */
function isSpent(answer: RunnerAnswer | 'time' | 'memory'): boolean {
  return typeof answer === 'string' || (answer.kind === 'ran' && answer.ended !== undefined);
}

class Runner {
  private readonly worker: Worker;
  private readonly ready: Promise<unknown>;

  constructor(data: RunnerData) {
    this.worker = new Worker(new URL('./runner.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    this.ready = new Promise((resolve) => this.worker.once('message', resolve).once('error', resolve));
    // Without a listener an error would end the process.
    this.worker.on('error', () => undefined);
  }

  async run(job: RunnerJob, timeMs: number): Promise<RunnerAnswer | 'time' | 'memory'> {
    await this.ready;
    return new Promise((resolve) => {
      const timer = setTimeout(() => done('time'), timeMs);
      const done = (answer: RunnerAnswer | 'time' | 'memory'): void => {
        clearTimeout(timer);
        this.worker.off('message', done).off('error', died).off('exit', died);
        resolve(answer);
      };
      const died = (): void => done('memory');
      this.worker.on('message', done).on('error', died).on('exit', died);
      this.worker.postMessage(job);
    });
  }

  replaced(data: RunnerData): Runner {
    void this.close();
    return new Runner(data);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
