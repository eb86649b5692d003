import type { Guard } from './guard.ts';
import { withReference } from './learner.ts';
import type { Rehearsal } from './protocol.ts';
import { ONLY_DIGEST } from './run.ts';
import { policiesFor } from '../policies-for.ts';
import { COLUMN, recordTape } from '../grade/tape.ts';
import { Simulation } from '../world/simulation.ts';

/**
 * A run before there is a learner: a world with its own policies, wrapped as the learner's will be, goes by until there is a job, and is forgotten. A
 * browser compiles well only what has been running for a while, so the first worlds of a cold engine take twice their time. Nothing of it is left but
 * the compiled code: the guard is loaded anew for each test.
 */
export class Rehearsing {
  private readonly later: Later;
  private readonly clockMs: () => number;
  private over = false;
  private spentMs = 0;

  constructor(clockMs: () => number, later: Later) {
    this.clockMs = clockMs;
    this.later = later;
  }

  begin(rehearsal: Rehearsal, guard: Guard): void {
    let run = rehearse(rehearsal, guard);
    const step = (): void => {
      if (this.over || this.spentMs > BUDGET_MS) return;
      const beganMs = this.clockMs();
      while (this.clockMs() - beganMs < SLICE_MS) if (run.next().done) run = rehearse(rehearsal, guard);
      this.spentMs += this.clockMs() - beganMs;
      this.later(step, 0);
    };
    this.later(step, AFTER_MS);
  }

  end(): void {
    this.over = true;
  }
}

/** Calls once so much time is over, and after whatever else waits. */
type Later = (step: () => void, ms: number) => void;

/** What the frame before this one did is still being judged; and a page that was just opened has more to do. */
const AFTER_MS = 1000;
/** So long the page of a job waits at most. */
const SLICE_MS = 10;
const BUDGET_MS = 400;
/** One is far below a slice in all worlds of katas. */
const PIECES = 100;

function* rehearse({ scenario, kind }: Rehearsal, guard: Guard): Generator<void, void> {
  guard.load({ sites: [] });
  const { policies, tape } = recordTape(withReference(policiesFor(scenario), kind, scenario, guard), [COLUMN[kind]]);
  const simulation = new Simulation(scenario, policies, ONLY_DIGEST);
  for (let piece = 1; piece <= PIECES; piece++) {
    simulation.runUntil((scenario.durationUs * piece) / PIECES);
    yield;
  }
  tape();
  simulation.digest();
}
