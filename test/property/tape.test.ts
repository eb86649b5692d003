import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policiesFor, policiesFromTape, recordTape, Simulation, simulate, TapeError } from '../../engine/index.ts';
import type { Scenario, Tape } from '../../engine/index.ts';
import { worlds } from './worlds.ts';

function recorded(scenario: Scenario, seed: number): { tape: Tape; digest: string } {
  const { policies, tape } = recordTape(policiesFor(scenario));
  const simulation = new Simulation(scenario, policies, { seed });
  simulation.runToEnd();
  return { tape: tape(), digest: simulation.digest() };
}

function digestWithout(scenario: Scenario, seed: number): string {
  const simulation = new Simulation(scenario, policiesFor(scenario), { seed });
  simulation.runToEnd();
  return simulation.digest();
}

/** What a replay says to a tape; '' if it takes it. */
function refusal(scenario: Scenario, seed: number, tape: Tape): string {
  try {
    simulate(scenario, seed, tape, policiesFor(scenario));
    return '';
  } catch (error) {
    if (error instanceof TapeError) return error.message;
    throw error;
  }
}

const seeds = fc.nat(0xffffffff);

test('scenario, seed and tape give the same digest as the policies themselves, and recording changes nothing', () => {
  fc.assert(
    fc.property(worlds, seeds, (scenario, seed) => {
      const { tape, digest } = recorded(scenario, seed);
      expect(digest).toBe(digestWithout(scenario, seed));
      expect(simulate(scenario, seed, tape, policiesFor(scenario)).digest()).toBe(digest);
    }),
    { numRuns: 150 },
  );
});

test('a recorded picker says of itself what the picker says', () => {
  const { policies } = recordTape({
    pools: new Map([
      [
        'p',
        { picker: { pick: ([first]) => first, skipsFull: true, hearsEachChange: true, onMembersChange: () => {} } },
      ],
    ]),
  });
  expect(policies.pools.get('p')!.picker).toMatchObject({
    skipsFull: true,
    hearsEachChange: true,
    onMembersChange: expect.any(Function) as unknown,
  });
});

test('a tape of some columns leaves the others to the policies of the scenario', () => {
  fc.assert(
    fc.property(worlds, seeds, (scenario, seed) => {
      const { tape, digest } = recorded(scenario, seed);
      for (const column of ['picks', 'health', 'outlier'] as const) {
        const part = { [column]: tape[column] } as Tape;
        expect(simulate(scenario, seed, part, policiesFor(scenario)).digest()).toBe(digest);
      }
    }),
    { numRuns: 60 },
  );
});

test('a tape that is too short or too long is refused, and says by how much', () => {
  fc.assert(
    fc.property(worlds, seeds, (scenario, seed) => {
      const { tape } = recorded(scenario, seed);
      const picks = [...tape.picks!];
      fc.pre(picks.length > 0);
      const short = Uint16Array.from(picks.slice(0, -1));
      expect(refusal(scenario, seed, { ...tape, picks: short })).toBe(
        `The tape ends after ${picks.length - 1} of its kind, and the run asks for pick ${picks.length}.`,
      );
      const long = Uint16Array.from([...picks, 0, 0]);
      expect(refusal(scenario, seed, { ...tape, picks: long })).toBe(
        'The run ended with 2 decisions left on the tape: it belongs to another run.',
      );
    }),
    { numRuns: 60 },
  );
});

test('a pick beyond the list and a code that means nothing are refused where they stand', () => {
  fc.assert(
    fc.property(worlds, seeds, fc.nat(), (scenario, seed, anywhere) => {
      const { tape } = recorded(scenario, seed);
      const picks = tape.picks!.slice();
      const codes = tape.health!.slice();
      fc.pre(picks.length > 0);
      const place = anywhere % picks.length;
      picks[place] = 500;
      expect(refusal(scenario, seed, { ...tape, picks })).toMatch(
        new RegExp(`^pick ${place + 1} of the tape is place 500, and only \\d+ backends were eligible: 0 to \\d+\\.$`),
      );
      if (codes.length === 0) return;
      codes[anywhere % codes.length] = 7;
      expect(refusal(scenario, seed, { ...tape, health: codes })).toBe(
        `health decision ${(anywhere % codes.length) + 1} of the tape is 7, which means nothing: 0, 1 or 2.`,
      );
    }),
    { numRuns: 60 },
  );
});

test('a changed decision changes the digest', () => {
  fc.assert(
    fc.property(worlds, seeds, fc.nat(), (scenario, seed, anywhere) => {
      const { tape, digest } = recorded(scenario, seed);
      const picks = tape.picks!.slice();
      fc.pre(picks.length > 0);
      const place = anywhere % picks.length;
      picks[place] = picks[place] === 0xffff ? 0 : 0xffff;
      try {
        expect(simulate(scenario, seed, { ...tape, picks }, policiesFor(scenario)).digest()).not.toBe(digest);
      } catch (error) {
        // What follows from it may ask for more or fewer decisions than there are.
        expect(error).toBeInstanceOf(TapeError);
      }
    }),
    { numRuns: 60 },
  );
});

test('a tape that was broken off declines from there on when that is asked for, and is the same before', () => {
  fc.assert(
    fc.property(worlds, seeds, (scenario, seed) => {
      const { tape } = recorded(scenario, seed);
      const half = tape.picks!.slice(0, tape.picks!.length >> 1);
      const { policies } = policiesFromTape({ picks: half }, policiesFor(scenario), { short: 'decline' });
      const again = recordTape(policies, ['picks']);
      new Simulation(scenario, again.policies, { seed }).runToEnd();
      const replayed = again.tape().picks!;
      expect(replayed.slice(0, half.length)).toEqual(half);
      expect(replayed.slice(half.length).every((pick) => pick === 0xffff)).toBe(true);
    }),
    { numRuns: 40 },
  );
});
