import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import {
  BELIEVED,
  EVENT,
  EVENT_KIND,
  type BackendState,
  type ControlRequest,
  type ControlResponse,
  type Scenario,
} from '../../../engine/index.ts';
import type { SimulationHandle } from '../../bridge/simulation.ts';
import { castOf } from '../lesson/cast.ts';
import { actionWords, narrate, NARRATED, type Row } from '../lesson/narrate.ts';
import { Player, openLive } from '../lesson/player.ts';
import { backendStates, SIGNS, type Sign } from '../lesson/states.ts';
import type { Still } from '../lesson/still.ts';
import { WINDOW_US, type BackendRow, type Deed, type EventFilter, type Lab } from '../terminal/lab.ts';

/** A scenario ready to be played: parsed, with the picture of its start. */
export interface World {
  readonly scenario: Scenario;
  readonly still: Still;
}

export type Library = Lab['library'];

/** How many events of one frame a follower is shown. */
const MOST_FOLLOWED = 20;

/** A run in the lab. */
export interface OnShow {
  /** Counts the runs, from 1. */
  readonly number: number;
  readonly player: Player;
  /** The picture of its start. */
  readonly still: Still;
}

/** The lab: one run at a time, for a figure to show and a terminal to drive. Every world has a player of its own. */
export class LabSession implements Lab {
  readonly library: Library;
  readonly onShow: ReadonlySignal<OnShow>;
  private readonly shown: Signal<OnShow>;
  private readonly fetchWorld: (name: string) => Promise<World>;
  private pauses = 0;
  /** Kept when the clock stands. */
  private standing: Promise<void> = Promise.resolve();

  constructor(first: World, library: Library, fetchWorld: (name: string) => Promise<World>) {
    this.library = library;
    this.fetchWorld = fetchWorld;
    this.onShow = this.shown = signal(opened(first, 1));
  }

  get scenario(): Scenario {
    return this.player.scenario.value;
  }

  get seed(): number {
    return this.player.seed.value;
  }

  get nowUs(): number {
    return this.player.frame.value.nowUs;
  }

  get ended(): boolean {
    return this.player.frame.value.ended;
  }

  get running(): boolean {
    return this.player.status.value === 'running';
  }

  get speed(): number {
    return this.player.speed.value;
  }

  get backendIds(): readonly string[] {
    const states = backendStates(this.player.frame.value);
    const inService = (index: number): boolean => (states[index]?.believed ?? BELIEVED.removed) !== BELIEVED.removed;
    return this.cast()
      .backends.filter((_, index) => inService(index))
      .map(({ id }) => id);
  }

  async backends(): Promise<readonly BackendRow[]> {
    const states = await this.ask((run) => run.backends());
    const toUs = this.nowUs;
    const fromUs = Math.max(0, toUs - WINDOW_US);
    return Promise.all(
      states.map(async (state): Promise<BackendRow> => {
        const of = { backends: [state.id], fromUs, toUs };
        const n = await this.ask((run) => run.measure({ metric: 'served', ...of }));
        const p99Us = n === 0 ? Number.NaN : await this.ask((run) => run.measure({ metric: 'p99', ...of }));
        return { ...state, believed: SIGNS[state.believed], truth: truthSign(state), p99Us, n };
      }),
    );
  }

  get counts(): Lab['counts'] {
    return this.player.frame.value.counts;
  }

  async events(filter: EventFilter, limit: number): Promise<readonly Row[]> {
    const toUs = this.nowUs;
    // Mostly the last moments hold enough; look further back only as far as needed.
    for (let backUs = 250_000; ; backUs *= 4) {
      const fromUs = Math.max(0, toUs - backUs);
      const rows = this.rows(await this.ask((run) => run.events(fromUs, toUs)), filter);
      if (rows.length >= limit || fromUs === 0) return rows.slice(-limit);
    }
  }

  follow(filter: EventFilter, listener: (events: readonly Row[], more: boolean) => void): () => void {
    const { frame } = this.player;
    let seen = frame.peek();
    return effect(() => {
      if (frame.value === seen) return;
      seen = frame.value;
      const rows = this.rows(seen.events, filter);
      if (rows.length > 0) listener(rows.slice(-MOST_FOLLOWED), rows.length > MOST_FOLLOWED);
    });
  }

  run(untilUs: number): Promise<void> {
    this.standing = this.runTo(untilUs);
    return this.standing;
  }

  stopped(): Promise<void> {
    return this.standing;
  }

  async pause(): Promise<void> {
    this.pauses++;
    this.player.pause();
    // What goes wrong with a run is told to whoever started it.
    await this.standing.catch(() => undefined);
    await this.settle();
  }

  async step(): Promise<readonly Row[]> {
    const { player } = this;
    const { ended } = player.frame.value;
    await player.step();
    await this.settle();
    return ended ? [] : this.rows(player.frame.value.events, {});
  }

  async back(): Promise<void> {
    await this.player.back();
    await this.settle();
  }

  async seek(atUs: number): Promise<void> {
    await this.player.seek(atUs);
    await this.settle();
  }

  setSpeed(speed: number): void {
    this.player.speed.value = speed;
  }

  async apply(deed: Deed): Promise<string> {
    const action = { ...deed, atUs: this.nowUs };
    await this.player.apply([action]);
    await this.settle();
    return actionWords(action);
  }

  async control(request: ControlRequest): Promise<ControlResponse> {
    const { response, actions } = await this.ask((run) => run.control(request));
    if (actions.length > 0) await this.player.apply(actions);
    await this.settle();
    return response;
  }

  async load({ name, seed }: { readonly name?: string; readonly seed?: number }): Promise<void> {
    await this.pause();
    const { player } = this;
    if (name === undefined) {
      await player.reopen({ hands: [], atUs: 0, ...(seed !== undefined && { seed }) });
      await this.settle();
      return;
    }
    const next = opened(await this.fetchWorld(name), this.shown.value.number + 1);
    next.player.speed.value = player.speed.value;
    this.shown.value = next;
    player.close();
  }

  private async runTo(untilUs: number): Promise<void> {
    const { player, pauses } = this;
    // The first run waits for its simulation; a pause may come before that is there.
    await this.settle();
    if (this.pauses !== pauses) return;
    await player.play(untilUs);
    let stop = (): void => undefined;
    await new Promise<void>((resolve) => {
      stop = player.status.subscribe((now) => {
        if (now !== 'running') resolve();
      });
    });
    stop();
    await this.settle();
  }

  private get player(): Player {
    return this.shown.value.player;
  }

  private rows(columns: Float64Array, { kind, backend }: EventFilter): Row[] {
    const cast = this.cast();
    const kept = NARRATED.filter((code) => kind === undefined || code === EVENT_KIND[kind]);
    const index = backend === undefined ? undefined : cast.backends.findIndex(({ id }) => id === backend);
    const picked: number[] = [];
    for (let at = 0; at < columns.length; at += EVENT.stride) {
      const fits = index === undefined || columns[at + EVENT.backend] === index;
      if (fits && kept.includes(columns[at + EVENT.kind]!)) picked.push(...columns.subarray(at, at + EVENT.stride));
    }
    return narrate(picked, cast, this.player.timeline.value);
  }

  private cast() {
    const { scenario, timeline } = this.player;
    return castOf(scenario.value, timeline.value);
  }

  private ask<T>(question: (run: SimulationHandle) => Promise<T>): Promise<T> {
    return this.player.ask(question);
  }

  /** Waits until frames on their way have arrived. Throws when the run cannot go on. */
  private async settle(): Promise<void> {
    await this.ask((run) => run.timeline());
  }
}

function opened({ scenario, still }: World, number: number): OnShow {
  return { number, still, player: new Player(scenario, still, 1, openLive) };
}

function truthSign({ truth, slowFactor }: BackendState): Sign {
  return truth === 'slow' ? { ...SIGNS.slow, word: `${slowFactor}× slow` } : SIGNS[truth];
}
