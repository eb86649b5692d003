import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { EVENT, EVENT_KIND, type Frame } from '../../../../engine/index.ts';
import { decisionAt, type Decision } from './model.ts';

/** The part of a simulation's handle that a replay uses. */
export interface Run {
  seek(atUs: number): Promise<Frame>;
  step(kinds?: readonly number[]): Promise<Frame>;
  advance(untilUs: number): Promise<Frame>;
  close(): void;
}

export interface Player {
  /** What to draw: the world as the policy found it when it decided (a pick) or as it left it (a probe), or of any moment while playing. */
  readonly frame: ReadonlySignal<Frame | undefined>;
  /** Index of the decision shown, or of the last one before the moment shown; -1 before the first. */
  readonly index: ReadonlySignal<number>;
  /** The frame is that of the decision itself and not of a moment after it. */
  readonly exact: ReadonlySignal<boolean>;
  readonly playing: ReadonlySignal<boolean>;
  /** Simulated seconds per second. */
  readonly speed: ReadonlySignal<number>;
  show(index: number): Promise<void>;
  play(): void;
  pause(): void;
  setSpeed(speed: number): void;
  close(): void;
}

/** `onError` hears of a run that cannot go on; the last frame stays. */
export function createPlayer(
  run: Run,
  decisions: readonly Decision[],
  options: { speed: number; onError: (error: unknown) => void },
): Player {
  const frame = signal<Frame | undefined>(undefined);
  const index = signal(-1);
  const exact = signal(false);
  const playing = signal(false);
  const speed = signal(options.speed);
  /** Grows with every request, so that a late answer to an earlier one is dropped. */
  let turn = 0;

  async function show(to: number) {
    const decision = decisions[to];
    if (!decision) return;
    const mine = ++turn;
    index.value = to;
    try {
      const found = await frameOf(run, decision);
      if (mine !== turn) return;
      batch(() => {
        frame.value = found;
        exact.value = true;
      });
    } catch (error) {
      pause();
      options.onError(error);
    }
  }

  function play() {
    if (playing.value) return;
    playing.value = true;
    const mine = ++turn;
    let last: number | undefined;
    let busy = false;
    const tick = (now: number) => {
      if (!playing.value || mine !== turn) return;
      requestAnimationFrame(tick);
      if (busy) return;
      const elapsedMs = last === undefined ? 0 : Math.min(now - last, 100);
      last = now;
      busy = true;
      void advance((frame.value?.nowUs ?? 0) + elapsedMs * 1_000 * speed.value, mine).then(() => (busy = false));
    };
    requestAnimationFrame(tick);
  }

  async function advance(untilUs: number, mine: number) {
    try {
      const next = await run.advance(Math.round(untilUs));
      if (mine !== turn) return;
      batch(() => {
        frame.value = next;
        index.value = decisionAt(decisions, next.nowUs);
        exact.value = false;
      });
      if (next.ended) pause();
    } catch (error) {
      pause();
      options.onError(error);
    }
  }

  function pause() {
    playing.value = false;
  }

  return {
    frame,
    index,
    exact,
    playing,
    speed,
    show(to) {
      pause();
      return show(to);
    },
    play,
    pause,
    setSpeed: (to) => (speed.value = to),
    close() {
      pause();
      turn += 1;
      run.close();
    },
  };
}

/**
 * The world of one decision: to the microsecond before it, then event by event. A pick is shown as its policy found the world, a probe with
 * what the policy made of it.
 */
export async function frameOf(run: Run, decision: Decision): Promise<Frame> {
  let before = await run.seek(Math.max(0, decision.atUs - 1));
  for (;;) {
    const after = await run.step();
    if (after.events.length === 0 || after.nowUs > decision.atUs) return before;
    if (isThere(after, decision)) return decision.kind === 'pick' ? before : judged(run, after, decision);
    before = after;
  }
}

/** The engine may tell of a probe and of what it changed in one step, or in two. */
function judged(run: Run, frame: Frame, decision: Decision): Frame | Promise<Frame> {
  const told = decision.judged === undefined || lastEvent(frame, 'kind') === EVENT_KIND.health;
  return told ? frame : run.step([EVENT_KIND.health]);
}

function isThere(frame: Frame, { kind, atUs, request, backend }: Decision): boolean {
  if (kind === 'pick') return frame.lastPick.request === request;
  const last = lastEvent(frame, 'kind');
  const isProbe = last === EVENT_KIND.probed || last === EVENT_KIND.health;
  return isProbe && frame.nowUs === atUs && lastEvent(frame, 'backend') === backend;
}

function lastEvent({ events }: Frame, column: 'kind' | 'backend'): number | undefined {
  return events[events.length - EVENT.stride + EVENT[column]];
}
