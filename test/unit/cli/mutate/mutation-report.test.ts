import { describe, expect, it } from 'vitest';
import { readKataFolder } from '../../../../engine/cli/kata-folder.ts';
import { tryMutants } from '../../../../engine/cli/mutate/mutation-report.ts';
import { checks } from '../../../../katas/random/checks.ts';

const kata = readKataFolder(new URL('../../../../katas', import.meta.url).pathname, 'random');
const few = { ...kata, scenarios: kata.scenarios.slice(0, 1) };

/** One of its lines does nothing, so to forget it harms nothing; without the other it picks nobody. */
const idle = {
  ...few,
  solution: `import type { Picker } from 'ballast';
export default function random(): Picker {
  const seen: string[] = [];
  return {
    pick(backends, request, ctx) {
      seen.push(request.path);
      return backends[ctx.rng.int(backends.length)];
    },
  };
}
`,
};

const FORGOTTEN = { line: 'seen.push(request.path);', mutants: [';'], why: 'Nobody reads it.' };

describe('the report on mutants', () => {
  it('counts those that compile, and names the survivor with its line', () => {
    const { mutants, killed, explained, survivors, problems } = tryMutants(idle, checks, 2, []);
    expect({ mutants, killed, explained, problems }).toEqual({ mutants: 5, killed: 4, explained: 0, problems: [] });
    expect(survivors).toEqual([{ line: 6, before: FORGOTTEN.line, after: ';', seeds: [1, 2] }]);
  });

  it('one that is explained as equivalent is no survivor', () => {
    const { explained, survivors } = tryMutants(idle, checks, 1, [FORGOTTEN]);
    expect({ explained, survivors }).toEqual({ explained: 1, survivors: [] });
  });

  it('an explanation of a mutant that fails, or of none, is a problem', () => {
    const line = 'return backends[ctx.rng.int(backends.length)];';
    const stale = { line, mutants: ['return undefined;'], why: 'It is not.' };
    const { problems } = tryMutants(idle, checks, 1, [FORGOTTEN, stale]);
    expect(problems).toEqual([
      `katas/random/equivalent.json: explains "${line}" -> "return undefined;", which is no mutant that survives.`,
    ]);
  });
});
