/**
 * The learner's frame: an element without our origin, whose document may load and reach nothing (engine/sandbox). One frame does one job and is then
 * removed, which ends whatever still runs in it at once.
 */
import { sandbox } from 'virtual:ballast-sandbox';
import { fillsMemory, MOST_MARKS, PROGRESS_MS } from '../../engine/sandbox/protocol.ts';
import type { Answer, Job, Rehearsal } from '../../engine/sandbox/protocol.ts';
import { readAnswer } from './answers.ts';

/** How a job came to its end. */
export type Ending =
  | { readonly kind: 'done' }
  /**
   * Nothing was heard for `SILENCE_MS`. `decision`: at least so many were taken. `line`: the last that was marked, 0 if none. `alive`: the frame's
   * process still answers.
   */
  | {
      readonly kind: 'silent';
      readonly test: number;
      readonly decision: number;
      readonly line: number;
      readonly alive: boolean;
    }
  /** It went on, but for too long in all. */
  | { readonly kind: 'overtime'; readonly test: number }
  | { readonly kind: 'unreadable' };

export type Result = Extract<Answer, { kind: 'result' }>;

/** The frame could not be started; nobody's code is to blame. */
export class SandboxError extends Error {
  override name = 'SandboxError';
}

const SILENCE_MS = 1000;
const OVERTIME_MS = 30_000;
const START_MS = 10_000;
const PULSE_MS = 400;
/** A job says no more than this; marks and progress, with room to spare. */
const MOST_ANSWERS = MOST_MARKS + 4 * (OVERTIME_MS / PROGRESS_MS);

let spare: SandboxFrame | undefined;

/** Starts a frame for the next job, so that this need not wait for it; with a rehearsal, nor for the browser to compile the engine in it. */
export function warmFrame(rehearsal?: Rehearsal): void {
  spare ??= new SandboxFrame();
  if (rehearsal) spare.rehearse(rehearsal);
}

/**
 * Does a job in a frame of its own and answers how it ended; each test's result goes to `onResult` when it comes. Rejects with an AbortError
 * when the signal says so, and with a SandboxError if no frame starts.
 */
export async function doInFrame(
  job: Job,
  onResult: (result: Result) => void,
  signal: AbortSignal,
  /** Another job follows at once: its frame starts while this one works. */
  { another = false }: { readonly another?: boolean } = {},
): Promise<Ending> {
  const frame = spare ?? new SandboxFrame();
  spare = undefined;
  try {
    await withAbort(frame.ready, signal);
    if (another) warmFrame();
    return await withAbort(frame.do(job, onResult), signal);
  } finally {
    frame.remove();
    warmFrame(rehearsalOf(job));
  }
}

function rehearsalOf({ kind, tests }: Job): Rehearsal | undefined {
  return tests[0] && { kind, scenario: tests[0].scenario };
}

class SandboxFrame {
  readonly ready: Promise<void>;
  readonly #element = document.createElement('iframe');
  readonly #jobs = new MessageChannel();
  readonly #pulse = new MessageChannel();

  constructor() {
    const element = this.#element;
    element.setAttribute('sandbox', 'allow-scripts');
    element.setAttribute('allow', '');
    element.hidden = true;
    element.title = 'Sandbox for your code';
    element.srcdoc = sandbox;
    this.ready = this.#start();
    this.ready.catch(() => undefined);
    document.body.append(element);
  }

  #start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new SandboxError('The sandbox did not start.')), START_MS);
      this.#element.onload = () => {
        this.#element.contentWindow?.postMessage(null, '*', [this.#jobs.port2, this.#pulse.port2]);
      };
      this.#jobs.port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        if ((data as { kind?: unknown } | null)?.kind !== 'ready') return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  rehearse(rehearsal: Rehearsal): void {
    void this.ready.then(
      () => this.#jobs.port1.postMessage(rehearsal),
      () => undefined,
    );
  }

  do(job: Job, onResult: (result: Result) => void): Promise<Ending> {
    const asked = { run: job.run, tests: job.tests.length, kind: job.kind };
    const beganMs = performance.now();
    let heardMs = beganMs;
    let heard = 0;
    let test = 0;
    let decision = 0;
    let line = 0;
    return new Promise((resolve) => {
      const end = (ending: Ending): void => {
        clearInterval(watch);
        this.#jobs.port1.onmessage = null;
        resolve(ending);
      };
      const watch = setInterval(() => {
        if (performance.now() - beganMs > OVERTIME_MS) end({ kind: 'overtime', test });
        else if (performance.now() - heardMs > SILENCE_MS)
          void this.#judgeSilence(() => heardMs).then(
            (alive) => alive !== undefined && end({ kind: 'silent', test, decision, line, alive }),
          );
      }, SILENCE_MS / 5);
      this.#jobs.port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        heardMs = performance.now();
        heard += 1;
        const answer = heard > MOST_ANSWERS ? undefined : readAnswer(data, asked);
        if (answer === undefined || answer.kind === 'ready') {
          end({ kind: 'unreadable' });
          return;
        }
        // Tests come in order and each has one result: what speaks of another is ignored.
        if (answer.test !== test) return;
        if (answer.kind === 'mark') line = answer.line;
        if (answer.kind === 'progress') decision = answer.decision;
        if (answer.kind !== 'result') return;
        [test, decision, line] = [test + 1, 0, 0];
        onResult(answer);
        const outOfMemory = fillsMemory(answer.result);
        if (outOfMemory || answer.test === job.tests.length - 1) end({ kind: 'done' });
      };
      this.#jobs.port1.postMessage(job);
    });
  }

  /** Does the frame's process still answer? Undefined: an answer was only late, because this page was busy itself. */
  async #judgeSilence(heardMs: () => number): Promise<boolean | undefined> {
    const before = heardMs();
    const alive = await new Promise<boolean>((resolve) => {
      this.#pulse.port1.onmessage = () => resolve(true);
      this.#pulse.port1.postMessage(null);
      setTimeout(() => resolve(false), PULSE_MS);
    });
    return heardMs() === before ? alive : undefined;
  }

  remove(): void {
    this.#element.remove();
    this.#jobs.port1.close();
    this.#pulse.port1.close();
  }
}

function withAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException('The run was stopped.', 'AbortError'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
