import { signal, type ReadonlySignal } from '@preact/signals';
import type { Frame } from '../../../../engine/index.ts';
import type { Decision } from './model.ts';
import { frameOf, type Run } from './player.ts';

/** A moment of the run that is followed: at a decision of one's own, or between decisions. */
export interface Moment {
  readonly atUs: number;
  readonly decision: Decision | undefined;
}

export interface Follower {
  /** The last moment that was reached, and the world there. */
  readonly shown: ReadonlySignal<{ readonly frame: Frame; readonly decision: Decision | undefined } | undefined>;
  follow(moment: Moment): void;
  close(): void;
}

/** Keeps a run in step with another one. Moments that come while one is being reached replace each other: only the last counts. */
export function createFollower(run: Run, onError: (error: unknown) => void): Follower {
  const shown = signal<{ frame: Frame; decision: Decision | undefined } | undefined>(undefined);
  let next: Moment | undefined;
  let busy = false;
  const end = new AbortController();
  /** Where the run stands, for as long as it only went forward. */
  let nowUs = 0;

  async function reach({ atUs, decision }: Moment): Promise<Frame> {
    if (decision) return frameOf(run, decision);
    return atUs >= nowUs ? run.advance(atUs) : run.seek(atUs);
  }

  async function work() {
    busy = true;
    try {
      while (next && !end.signal.aborted) {
        const moment = next;
        next = undefined;
        const frame = await reach(moment);
        // Reaching a decision steps past it: from there no way leads back but seeking.
        nowUs = moment.decision ? Infinity : frame.nowUs;
        shown.value = { frame, decision: moment.decision };
      }
    } catch (error) {
      if (!end.signal.aborted) onError(error);
    }
    busy = false;
  }

  return {
    shown,
    follow(moment) {
      next = moment;
      if (!busy) void work();
    },
    close() {
      end.abort();
      run.close();
    },
  };
}
