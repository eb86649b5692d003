import { describe, expect, test } from 'vitest';
import type { Column } from '../../engine/grade/tape.ts';
import { policiesFor, recordTape, Simulation, simulate, TapeError } from '../../engine/index.ts';
import type { Scenario, Tape } from '../../engine/index.ts';

/** The tape of the scenario's own policies, and what their run came to. */
export function record(scenario: Scenario, seed: number, columns?: readonly Column[]): { tape: Tape; digest: string } {
  const { policies, tape } = recordTape(policiesFor(scenario), columns);
  const simulation = new Simulation(scenario, policies, { seed });
  simulation.runToEnd();
  return { tape: { ...tape(), seed }, digest: simulation.digest() };
}

/** Why the tape is refused; the digest if it is not. */
function refusal(scenario: Scenario, seed: number, tape: Tape): string {
  try {
    return simulate(scenario, seed, tape, policiesFor(scenario)).digest();
  } catch (error) {
    if (error instanceof TapeError) return error.message;
    throw error;
  }
}

/** A tape of this one column replays, and one that was tampered with is refused with a message of its own. */
export function describeColumn(column: Column, scenario: Scenario): void {
  describe(`the column ${column}`, () => {
    const { tape, digest } = record(scenario, 7, [column]);
    const codes = [...tape[column]!];
    const changed = (to: readonly number[]): Tape => ({
      ...tape,
      [column]: (tape[column]!.constructor as Uint16ArrayConstructor).from(to),
    });

    test('replays alone, beside the scenario’s other policies', () => {
      expect(codes.length).toBeGreaterThan(1);
      expect(refusal(scenario, 7, tape)).toBe(digest);
    });

    test('is refused when it is too short, and says after how many', () => {
      expect(refusal(scenario, 7, changed(codes.slice(0, -1)))).toMatch(
        new RegExp(`^The tape ends after ${codes.length - 1} of its kind, and the run asks for`),
      );
    });

    test('is refused when it is too long, and says by how much', () => {
      expect(refusal(scenario, 7, changed([...codes, codes.at(-1)!]))).toBe(
        'The run ended with 1 decisions left on the tape: it belongs to another run.',
      );
    });

    test('is refused where it says what nothing means', () => {
      const nonsense = tape[column] instanceof Float64Array ? NaN : tape[column] instanceof Uint8Array ? 77 : 60_000;
      expect(refusal(scenario, 7, changed([nonsense, ...codes.slice(1)]))).toMatch(/ 1 of the tape is /);
    });

    test('of another seed is refused, and says so', () => {
      expect(refusal(scenario, 8, tape)).toBe('The tape was recorded with seed 7, and the run has seed 8.');
    });
  });
}
