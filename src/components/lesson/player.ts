import { type Signal, signal } from '@preact/signals';
import { type Action, EVENT, EVENT_KIND, type Frame, type Scenario } from '../../../engine/index.ts';
import type { Setup, SimulationHandle } from '../../bridge/simulation.ts';
import { NARRATED } from './narrate.ts';
import { NOTHING_YET, type Recall, remember } from './recall.ts';
import { type Still, frameOf } from './still.ts';

export type PlayerStatus = 'paused' | 'running' | 'ended' | 'failed';

/** How a run is opened: a lesson's figure starts a simulation, a replay opens a recorded one. */
export type Open = (setup: Setup, onRestart: (reason: string) => void) => Promise<SimulationHandle>;

/**
 * The controls of one run and what they show, without a screen. It begins as a still picture; the simulation is opened by the first
 * control that needs it. While running it asks for one frame per animation frame and no more.
 */
export class Player {
  readonly status: Signal<PlayerStatus> = signal('paused');
  readonly frame: Signal<Frame>;
  readonly recall: Signal<Recall>;
  readonly speed: Signal<number>;
  readonly seed: Signal<number>;
  readonly scenario: Signal<Scenario>;
  /** Every action of the run in order: what events of the kind `action` point into. */
  readonly timeline: Signal<readonly Action[]>;
  /** True while the first answer is being waited for. */
  readonly starting: Signal<boolean> = signal(false);
  /** Something the reader should know: a restart, or why the run cannot go on. */
  readonly notice: Signal<string> = signal('');

  readonly #open: Open;
  #handle: Promise<SimulationHandle> | undefined;
  /** Actions by hand, each at its time. */
  #hands: readonly Action[] = [];
  #visible = true;
  #busy = false;
  #targetUs = 0;
  #stopUs = Infinity;
  #lastTickMs = 0;

  constructor(scenario: Scenario, still: Still, speed: number, open: Open) {
    this.#open = open;
    this.scenario = signal(scenario);
    this.timeline = signal(scenario.timeline);
    this.seed = signal(still.seed);
    this.frame = signal(frameOf(still.frame));
    this.recall = signal(still.recall);
    this.speed = signal(speed);
  }

  /** Actions applied by hand so far, for a link that repeats them. */
  get hands(): readonly Action[] {
    return this.#hands;
  }

  /** Runs until `untilUs`, the end of the scenario, or a pause. Answers when the clock has started. */
  async play(untilUs = Infinity): Promise<void> {
    if (this.status.value === 'running') return;
    if (this.frame.value.ended) await this.seek(0);
    if (!(await this.#ready()) || this.status.peek() === 'running') return;
    this.status.value = 'running';
    this.#stopUs = untilUs;
    this.#targetUs = this.frame.value.nowUs;
    this.#lastTickMs = performance.now();
    requestAnimationFrame(this.#tick);
  }

  pause(): void {
    if (this.status.value === 'running') this.status.value = 'paused';
  }

  /** To just after the next event worth telling. */
  step(): Promise<void> {
    this.pause();
    return this.#do((handle) => handle.step(NARRATED));
  }

  /** Back to just after the event before the last one. */
  back(): Promise<void> {
    this.pause();
    return this.#do((handle) => handle.back(NARRATED), true);
  }

  seek(atUs: number): Promise<void> {
    return this.#do((handle) => handle.seek(atUs), true);
  }

  /** Does something to the world now; it becomes part of the run. */
  apply(actions: readonly Action[]): Promise<void> {
    return this.#do(async (handle) => {
      let frame = await handle.apply(actions[0]!);
      for (const action of actions.slice(1)) frame = await handle.apply(action);
      this.#hands = [...this.#hands, ...actions.map((action) => ({ ...action, atUs: frame.nowUs }))];
      this.timeline.value = await handle.timeline();
      return frame;
    });
  }

  /** Asks the run something that does not move it. Rejects when the run cannot go on. */
  async ask<T>(question: (handle: SimulationHandle) => Promise<T>): Promise<T> {
    const opened = await this.#ready();
    if (opened === undefined) throw new Error(this.notice.value);
    return question(opened.handle);
  }

  /** Latencies in microseconds of what was served in the second before now. */
  async latencies(): Promise<number[]> {
    const opened = await this.#ready();
    if (opened === undefined) return [];
    const { nowUs } = this.frame.value;
    const events = await opened.handle.events(Math.max(0, nowUs - 1_000_000), nowUs);
    const latencies: number[] = [];
    for (let at = 0; at < events.length; at += EVENT.stride) {
      if (events[at + EVENT.kind] === EVENT_KIND.served) latencies.push(events[at + EVENT.value]!);
    }
    return latencies;
  }

  /** Another run at the same moment: what is not named stays as it is. */
  async reopen(change: {
    scenario?: Scenario;
    seed?: number;
    hands?: readonly Action[];
    atUs?: number;
  }): Promise<void> {
    this.close();
    this.scenario.value = change.scenario ?? this.scenario.value;
    this.seed.value = change.seed ?? this.seed.value;
    this.#hands = change.hands ?? this.#hands;
    this.timeline.value = this.scenario.value.timeline;
    const atUs = change.atUs ?? this.frame.value.nowUs;
    this.#targetUs = atUs;
    await this.seek(atUs);
  }

  /** A figure that is off the screen keeps its place and does nothing. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
  }

  close(): void {
    void this.#handle?.then((handle) => handle.close()).catch(() => undefined);
    this.#handle = undefined;
  }

  readonly #tick = (nowMs: number): void => {
    if (this.status.value !== 'running') return;
    requestAnimationFrame(this.#tick);
    // A frame that came late, or a figure that was out of sight, does not make up for lost time.
    const elapsedMs = this.#visible ? Math.min(Math.max(0, nowMs - this.#lastTickMs), 100) : 0;
    this.#lastTickMs = nowMs;
    this.#targetUs = Math.min(this.#targetUs + Math.round(elapsedMs * 1000 * this.speed.value), this.#stopUs);
    if (this.#busy || elapsedMs === 0) return;
    this.#busy = true;
    void this.#do((handle) => handle.advance(this.#targetUs)).finally(() => (this.#busy = false));
  };

  /** Asks the simulation and shows its answer. `fromStart`: the frame's series begins at 0. */
  async #do(ask: (handle: SimulationHandle) => Promise<Frame>, fromStart = false): Promise<void> {
    const opened = await this.#ready();
    if (opened === undefined) return;
    try {
      const frame = await ask(opened.handle);
      // The run may have been replaced while this answer was on its way.
      if (this.#handle === opened.promise) this.#show(frame, fromStart);
    } catch (error) {
      if (this.#handle === opened.promise) this.#fail(error);
    }
  }

  #show(frame: Frame, fromStart: boolean): void {
    this.recall.value = remember(fromStart ? NOTHING_YET : this.recall.value, frame);
    this.frame.value = frame;
    if (fromStart) this.#targetUs = frame.nowUs;
    if (frame.ended) this.status.value = 'ended';
    else if (this.status.value !== 'running' || frame.nowUs >= this.#stopUs) this.status.value = 'paused';
  }

  /** The open simulation, at the moment of the frame on show. Undefined when it could not be opened; the status then says why. */
  async #ready(): Promise<{ handle: SimulationHandle; promise: Promise<SimulationHandle> } | undefined> {
    const promise = (this.#handle ??= this.#start());
    try {
      return { handle: await promise, promise };
    } catch (error) {
      if (this.#handle === promise) this.#fail(error);
      return undefined;
    }
  }

  async #start(): Promise<SimulationHandle> {
    this.starting.value = true;
    try {
      const scenario = this.scenario.value;
      const setup = { scenario, seed: this.seed.value, timeline: [...scenario.timeline, ...this.#hands] };
      const handle = await this.#open(setup, (reason) => {
        this.notice.value = `${reason} The run was started again and replayed to this moment.`;
      });
      const { nowUs } = this.frame.value;
      if (nowUs > 0) await handle.seek(nowUs);
      this.timeline.value = await handle.timeline();
      this.notice.value = '';
      return handle;
    } finally {
      this.starting.value = false;
    }
  }

  #fail(error: unknown): void {
    this.close();
    this.status.value = 'failed';
    this.notice.value = error instanceof Error ? error.message : String(error);
  }
}

/** Opens a simulation; the bridge and its worker load with the first one. */
export const openLive: Open = async (setup, onRestart) => {
  const { openSimulation } = await import('../../bridge/simulation.ts');
  return openSimulation(setup, { onStatus: ({ reason }) => onRestart(reason) });
};
