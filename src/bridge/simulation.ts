/**
 * The way from a page to the simulation worker. A page holds a `SimulationHandle` and never sees a thread: a worker that dies is
 * replaced, the run is replayed to where it was (same scenario, seed and actions, so the same bytes), and `onStatus` says so.
 */
import * as Comlink from 'comlink';
import type { Action, BackendState, ControlRequest, ControlResponse, Frame, Query } from '../../engine/index.ts';
import type { Setup, SimulationSession } from '../../engine/worker/simulation.ts';

export type { Setup };

export type Status = { readonly kind: 'restarted'; readonly reason: string };

export interface OpenOptions {
  readonly onStatus?: (status: Status) => void;
}

/** A running simulation. Every promise rejects with a SimulationError once the run cannot go on. */
export interface SimulationHandle {
  /** Runs to `untilUs`. The frame holds what happened since the last frame. */
  advance(untilUs: number): Promise<Frame>;
  /** Runs to just after the next event, of one of `kinds` if given. */
  step(kinds?: readonly number[]): Promise<Frame>;
  /** Goes back to just after the event before the last one of these kinds. The frame's series begins at 0. */
  back(kinds: readonly number[]): Promise<Frame>;
  /** Goes to `atUs`, backwards or forwards. The frame's series begins at 0. */
  seek(atUs: number): Promise<Frame>;
  /** Does something to the world now. */
  apply(action: Action): Promise<Frame>;
  measure(query: Query): Promise<number>;
  backends(): Promise<BackendState[]>;
  /** EVENT columns of the trace between two times, both included. */
  events(fromUs: number, toUs: number): Promise<Float64Array>;
  /** Asks the control plane; the actions carry the answer out, once they are applied. */
  control(
    request: ControlRequest,
  ): Promise<{ readonly response: ControlResponse; readonly actions: readonly Action[] }>;
  digest(): Promise<string>;
  /** The scenario's actions and those applied by hand, in order. */
  timeline(): Promise<Action[]>;
  /** Ends the run at once, also in the middle of a call. */
  close(): void;
}

export class SimulationError extends Error {
  override name = 'SimulationError';
}

/** Longest silence of a worker before it counts as dead, in milliseconds of real time: a replay of ten minutes of traffic takes a tenth of it. */
const SILENCE_MS = 5000;
/** Restarts without an answer in between, before giving up. */
const MOST_RESTARTS = 2;

/** Starts a worker with this run at time 0 and answers when it is ready. */
export async function openSimulation(setup: Setup, { onStatus }: OpenOptions = {}): Promise<SimulationHandle> {
  const link = new Link(setup, onStatus);
  await link.call((session) => session.timeline());
  const moved = (call: Call<Frame>): Promise<Frame> => link.move(call);
  return {
    advance: (untilUs) => moved((session) => session.advance(untilUs)),
    step: (kinds) => moved((session) => session.step(kinds)),
    back: (kinds) => moved((session) => session.back(kinds)),
    seek: (atUs) => moved((session) => session.seek(atUs)),
    apply: (action) => moved((session) => session.apply(action)),
    measure: (query) => link.call((session) => session.measure(query)),
    backends: () => link.call((session) => session.backends()),
    events: (fromUs, toUs) => link.call((session) => session.events(fromUs, toUs)),
    control: (request) => link.call((session) => session.control(request)),
    digest: () => link.call((session) => session.digest()),
    timeline: () => link.call((session) => session.timeline()),
    close: () => link.close(),
  };
}

type Session = Comlink.Remote<SimulationSession>;
type Call<T> = (session: Session) => Promise<T>;

class Link {
  readonly #onStatus: OpenOptions['onStatus'];
  #setup: Setup;
  #worker: Worker | undefined;
  #session: Session | undefined;
  /** Rejects when the worker of now breaks or is closed; `#lose` makes it. Replaced with the worker. */
  #broken = new Promise<never>(() => undefined);
  #lose: (why: Error) => void = () => undefined;
  #atUs = 0;
  #closed = false;
  /** Calls go one after the other, so that a restart happens between two of them and never inside. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(setup: Setup, onStatus: OpenOptions['onStatus']) {
    this.#setup = setup;
    this.#onStatus = onStatus;
  }

  /** A call that changes the time; remembers where the run stands and what was done to it. */
  async move(call: Call<Frame>): Promise<Frame> {
    const [frame, timeline] = await this.call(
      async (session) => [await call(session), await session.timeline()] as const,
    );
    this.#atUs = frame.nowUs;
    this.#setup = { ...this.#setup, timeline };
    return frame;
  }

  call<T>(call: Call<T>): Promise<T> {
    const result = this.#tail.then(() => this.#attempt(call));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    this.#lose(new SimulationError('The run was closed.'));
  }

  async #attempt<T>(call: Call<T>): Promise<T> {
    for (let restarts = 0; ; restarts++) {
      if (this.#closed) throw new SimulationError('The run was closed.');
      try {
        const session = this.#session ?? (await this.#start());
        return await this.#answered(call(session));
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw asSimulationError(error);
        this.#stop();
        if (restarts >= MOST_RESTARTS) throw new SimulationError(`${error.message} Starting again did not help.`);
        this.#onStatus?.({ kind: 'restarted', reason: error.message });
      }
    }
  }

  async #start(): Promise<Session> {
    const worker = new Worker(new URL('../../engine/worker/simulation.ts', import.meta.url), { type: 'module' });
    this.#worker = worker;
    this.#broken = new Promise((_, reject) => (this.#lose = reject));
    this.#broken.catch(() => undefined);
    worker.onerror = ({ message }) =>
      this.#lose(new WorkerLost(`The simulation worker broke: ${message || 'it did not load'}.`));
    worker.onmessageerror = () => this.#lose(new WorkerLost('The simulation worker sent something unreadable.'));
    const session = Comlink.wrap<SimulationSession>(worker);
    await this.#answered(session.open(this.#setup));
    if (this.#atUs > 0) await this.#answered(session.seek(this.#atUs));
    this.#session = session;
    return session;
  }

  /** The answer, unless the worker breaks or stays silent. */
  async #answered<T>(answer: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new WorkerLost('The simulation worker stopped answering.')), SILENCE_MS);
    });
    try {
      return await Promise.race([answer, this.#broken, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#session = undefined;
  }
}

class WorkerLost extends Error {}

function asSimulationError(error: unknown): SimulationError {
  return error instanceof SimulationError
    ? error
    : new SimulationError(error instanceof Error ? error.message : String(error));
}
