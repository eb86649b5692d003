import type { Run } from '../grade/run.ts';
import { arraysOf } from '../grade/tape.ts';
import { Log } from './console.ts';
import { Guard, LIMITS } from './guard.ts';
import { faultOf, notAPolicy } from './learner-fault.ts';
import { lockDown } from './lockdown.ts';
import { fillsMemory, MOST_MARKS, PROGRESS_MS } from './protocol.ts';
import type { Answer, Job, Rehearsal } from './protocol.ts';
import { Rehearsing } from './rehearsal.ts';
import { runScenario } from './run.ts';

// Taken before the lock-down removes their names.
const clockMs = performance.now.bind(performance);
const objectUrl = URL.createObjectURL.bind(URL);
const revoke = URL.revokeObjectURL.bind(URL);
const BlobOf = Blob;
const later = setTimeout.bind(globalThis);

/** The learner's realm: takes a port, locks itself down, says that it is ready, rehearses until there is a job, and does one. */
export function startWorker(): void {
  addEventListener(
    'message',
    (event: MessageEvent) => {
      event.stopImmediatePropagation();
      const port = event.ports[0]!;
      const send = port.postMessage.bind(port) as (answer: Answer, transfer: Transferable[]) => void;
      const log = new Log();
      const work = new Work(send, log);
      const rehearsing = new Rehearsing(clockMs, (step, ms) => void later(step, ms));
      port.onmessage = ({ data }: MessageEvent<Job | Rehearsal>) => {
        if (!('code' in data)) {
          rehearsing.begin(data, work.guard);
          return;
        }
        rehearsing.end();
        port.onmessage = null;
        void work.do(data);
      };
      lockDown(work.guard, log.write);
      send({ kind: 'ready' }, []);
    },
    { once: true },
  );
}

class Work {
  readonly guard: Guard;
  private readonly send: (answer: Answer, transfer: Transferable[]) => void;
  private readonly log: Log;
  private job!: Job;
  private test = 0;
  private lastMs = 0;
  private decision = 0;
  private marks = 0;

  constructor(send: (answer: Answer, transfer: Transferable[]) => void, log: Log) {
    this.send = send;
    this.log = log;
    this.guard = new Guard(LIMITS, (line) => this.mark(line));
  }

  async do(job: Job): Promise<void> {
    this.job = job;
    const url = objectUrl(new BlobOf([`${job.code.js}\n//# sourceURL=learner.ts`], { type: 'text/javascript' }));
    for (const [test, { scenario, seed }] of job.tests.entries()) {
      this.test = test;
      this.progress(0);
      this.guard.load(job.code, job.limits);
      this.decision = 0;
      // Each test gets a module of its own: what one leaves behind in variables, the next does not find.
      const loaded = await load(`${url}#${test}`, this.guard);
      const result =
        'factory' in loaded
          ? runScenario(scenario, seed, job.kind, loaded.factory, this.guard, (decision) => this.deciding(decision))
          : loaded;
      this.finish(result);
      // The others would fill the memory as well, each for a second.
      if (fillsMemory(result)) break;
    }
    revoke(url);
  }

  private finish(result: Run): void {
    const transfer = [...arraysOf(result.tape), result.lines].map((column) => column.buffer as ArrayBuffer);
    const answer = { kind: 'result', run: this.job.run, test: this.test, result, log: this.log.take() } as const;
    try {
      this.send(answer, transfer);
    } catch {
      // An answer held something else when it was read again, and that cannot leave the realm.
      const fault = notAPolicy('What it answers changes from one reading to the next: answer plain objects');
      this.send({ ...answer, result: { tape: {}, lines: new Uint16Array(0), steps: 0, digest: '', fault } }, []);
    }
  }

  /** Asked so often that even the clock is too dear for each time. */
  private deciding(decision: number): void {
    this.decision = decision;
    if (decision % CLOCK_EVERY === 0 && clockMs() - this.lastMs >= PROGRESS_MS) this.progress(decision);
  }

  private progress(decision: number): void {
    this.lastMs = clockMs();
    this.send({ kind: 'progress', run: this.job.run, test: this.test, decision }, []);
  }

  private mark(line: number): void {
    if (this.test === 0 && this.decision < this.job.marksFrom) return;
    this.marks += 1;
    if (this.marks <= MOST_MARKS) this.send({ kind: 'mark', run: this.job.run, test: this.test, line }, []);
  }
}

const CLOCK_EVERY = 16;

/** The module's default export, or why it has none. */
async function load(url: string, guard: Guard): Promise<{ factory: unknown } | Run> {
  guard.enter();
  try {
    const { default: factory } = (await import(url)) as { default?: unknown };
    if (guard.hit === undefined) return { factory };
    return broken(guard, undefined);
  } catch (error) {
    return broken(guard, error);
  } finally {
    guard.leave();
  }
}

function broken(guard: Guard, error: unknown): Run {
  const fault = faultOf(error, guard.hit, 'your file');
  return { tape: {}, lines: new Uint16Array(0), steps: guard.total, digest: '', fault };
}
