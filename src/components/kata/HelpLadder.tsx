import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { KataState } from '../../store/progress.ts';

export interface Rung {
  readonly name: string;
  /** Beside the cost: what this rung is made from. */
  readonly note?: string | undefined;
  /** What it shows once opened; absent when opening it shows something elsewhere. */
  readonly content?: ComponentChildren;
  readonly onOpen?: () => void;
}

/** Help in steps, each offered and none forced. What it costs is said before it opens. */
export function HelpLadder({
  nudge,
  rungs,
  state,
  helped,
  takeHelp,
}: {
  nudge: ComponentChildren;
  rungs: readonly Rung[];
  state: KataState;
  helped: boolean;
  takeHelp: () => void;
}) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const open = (rung: Rung) => {
    takeHelp();
    if (rung.content !== undefined) setOpened([...opened, rung.name]);
    rung.onOpen?.();
  };
  return (
    <ol class="b-ladder">
      <li class="b-rung b-rung-open">
        <span class="b-rung-number">1</span>
        <div>{nudge}</div>
      </li>
      {rungs.map((rung, index) => {
        const isOpen = opened.includes(rung.name);
        return (
          <li key={rung.name} class={`b-rung ${isOpen ? 'b-rung-open' : ''}`}>
            <span class="b-rung-number">{index + 2}</span>
            <div>
              {isOpen ? (
                rung.content
              ) : (
                <>
                  <button
                    type="button"
                    class="b-link-button"
                    aria-describedby={`rung-${index}`}
                    onClick={() => open(rung)}
                  >
                    {rung.name}
                  </button>
                  <p class="b-rung-note" id={`rung-${index}`}>
                    {[rung.note, costText(state, helped)].filter(Boolean).join('. ')}
                  </p>
                </>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function costText(state: KataState, helped: boolean): string {
  if (state === 'solved') return 'You have solved this alone, and that stays';
  if (state === 'solved-with-help' || helped) return 'Already marked “solved with help”';
  return 'Marks it “solved with help”';
}
