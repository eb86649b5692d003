import { expect, test } from 'vitest';
import { claimProblem, inClaimUnit, measured } from '../../../src/components/lesson/measured.ts';
import { withImports } from '../../../src/integrations/lesson-components.ts';

test('a number is written as its metric is', () => {
  expect(measured(1_660_000, 'p99')).toBe('1.66\u00a0s');
  expect(measured(0.2, 'share')).toBe('20\u00a0%');
  expect(measured(1234, 'failed')).toBe('1,234');
  expect(measured(4.71, 'p99', 'times')).toBe('4.7\u00a0times');
});

test('a claim that holds passes; one that does not says what is and what was claimed', () => {
  expect(claimProblem(inClaimUnit(1_660_000, 'p99'), [1000, 2000])).toBeUndefined();
  expect(claimProblem(inClaimUnit(1_660_000, 'p99'), [2000, Infinity])).toBe(
    'is 1660, and the text claims at least 2000.',
  );
  expect(claimProblem(inClaimUnit(0.31, 'share'), [-Infinity, 30])).toBe('is 31, and the text claims at most 30.');
  expect(claimProblem(inClaimUnit(3, 'p99', 'times'), [4, 5])).toBe('is 3, and the text claims between 4 and 5.');
  expect(claimProblem(Number.NaN, [0, 1])).toContain('the text claims');
});

test('a lesson gets imports for the components it names, at its end, and no others', () => {
  const lesson = '---\ntitle: x\n---\n\n<Beat name="hook">\n<Figure scenario="x" />\n</Beat>\n';
  const result = withImports(lesson);
  expect(result.startsWith(lesson)).toBe(true);
  expect(result.match(/^import \w+/gm)).toEqual(['import Beat', 'import Figure']);
  expect(withImports('<Beat name="hook" />\nimport Beat from "./mine.astro"\n').match(/^import Beat/gm)).toHaveLength(
    1,
  );
});
