import type { Backend, Context, HealthPolicy, Outcome } from '../core/policy.ts';

/** What a judge of single requests decides; the marking down and the trials are common to all of them. */
export interface Judge {
  /** Hears of every request to a backend that is in. Answers whether it is to be marked down. */
  condemns(failed: boolean, ctx: Context): boolean;
  /** The backend is in again. */
  acquit(): void;
}

interface State {
  readonly judge: Judge;
  /** `waiting`: marked down until `untilUs`. `ready`: its next request is the trial. `trial`: that is under way. */
  stage: 'in' | 'waiting' | 'ready' | 'trial';
  /** Marked down how often in a row; a trial that succeeds ends the row. */
  downs: number;
  untilUs: number;
}

/**
 * Marks backends down when their judge says so. When its time is up one request goes there alone: if that fails, the backend is marked down again and
 * longer, if it succeeds it is in. A trial that nobody hears of again is followed by another after the same time.
 */
export function markedDown(makeJudge: () => Judge, downUs: (nth: number, ctx: Context) => number): HealthPolicy {
  const states = new WeakMap<Backend, State>();

  function down(state: State, ctx: Context): void {
    state.stage = 'waiting';
    state.untilUs = ctx.nowUs + downUs(++state.downs, ctx);
  }

  return {
    sweepEveryUs: SWEEP_EVERY_US,
    onRequestStart(backend, ctx) {
      const state = states.get(backend);
      if (state?.stage !== 'ready') return undefined;
      state.stage = 'trial';
      state.untilUs = ctx.nowUs + downUs(state.downs, ctx);
      return 'unhealthy';
    },
    observe(backend, signal, ctx) {
      if (signal.kind !== 'response') return undefined;
      let state = states.get(backend);
      if (state === undefined) {
        states.set(backend, (state = { judge: makeJudge(), stage: 'in', downs: 0, untilUs: 0 }));
      }
      const failed = isFailure(signal.outcome);
      switch (state.stage) {
        case 'in':
          if (!state.judge.condemns(failed, ctx)) return undefined;
          down(state, ctx);
          return 'unhealthy';
        case 'trial':
          if (failed) {
            down(state, ctx);
            return undefined;
          }
          state.stage = 'in';
          state.downs = 0;
          state.judge.acquit();
          return 'healthy';
        default:
          // Sent before it was marked down: it says nothing new.
          return undefined;
      }
    },
    sweep(backends, ctx) {
      const back = new Map<Backend, 'healthy'>();
      for (const backend of backends) {
        const state = states.get(backend);
        if (state === undefined || state.stage === 'in' || state.stage === 'ready' || ctx.nowUs < state.untilUs)
          continue;
        state.stage = 'ready';
        back.set(backend, 'healthy');
      }
      return back.size > 0 ? back : undefined;
    },
  };
}

/** Fine enough for times of seconds. */
const SWEEP_EVERY_US = 100_000;

/** No answer, or one that blames the server. */
function isFailure({ kind, status }: Outcome): boolean {
  return kind !== 'served' || status >= 500;
}
