import { signal, type ReadonlySignal } from '@preact/signals';
import type { ScenarioVerdict } from '../../../engine/index.ts';
import type { ShrinkOptions, TwinRun } from '../../bridge/kata.ts';
import { worldText } from './summary.ts';

/** From a failure to its twin, the smallest world that fails in the same way. */
export type Shrinking = { readonly of: ScenarioVerdict } & (
  | { readonly kind: 'searching'; readonly tried: number }
  | { readonly kind: 'found'; readonly twin: TwinRun }
  /** `why`: a sentence for the learner. */
  | { readonly kind: 'none'; readonly why: string }
);

/** Answers the smallest world in which the code fails in the same way; undefined if none was found. */
export type Shrink = (source: string, of: ScenarioVerdict, options: ShrinkOptions) => Promise<TwinRun | undefined>;

/** `say`: to the live region. */
export function createShrinking(services: { readonly shrink: Shrink }, say: (words: string) => void) {
  const state = signal<Shrinking | undefined>(undefined);
  let abortion: AbortController | undefined;

  async function shrink(source: string, of: ScenarioVerdict) {
    stop();
    const controller = new AbortController();
    const { signal } = controller;
    abortion = controller;
    state.value = { of, kind: 'searching', tried: 0 };
    say('Shrinking to the smallest failing world');
    const onTried = (tried: number) => {
      if (!signal.aborted) state.value = { of, kind: 'searching', tried };
    };
    const found = await services.shrink(source, of, { signal, onTried }).then(
      (twin): Shrinking => (twin ? { of, kind: 'found', twin } : { of, kind: 'none', why: unrepeatable }),
      (error: unknown): Shrinking => ({ of, kind: 'none', why: failed(error) }),
    );
    if (signal.aborted) return;
    abortion = undefined;
    state.value = found;
    say(found.kind === 'found' ? `Found: ${worldText(found.twin)}.` : found.kind === 'none' ? found.why : '');
  }

  /** Ends a search; what was found stays. */
  function stop() {
    if (!abortion) return;
    abortion.abort();
    abortion = undefined;
    state.value = undefined;
  }

  function forget() {
    stop();
    state.value = undefined;
  }

  return { state: state as ReadonlySignal<Shrinking | undefined>, shrink, stop, forget };
}

const unrepeatable = 'No smaller world was found: your code did not fail there in the same way again.';

function failed(error: unknown): string {
  return `The smallest world could not be looked for: ${error instanceof Error ? error.message : String(error)}`;
}
