import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first. Started last, one of them would keep one core busy while the other has nothing left to do. */
const LONG = [
  'test/contract/sequences.test.ts',
  'test/katas/',
  'test/property/conservation-',
  'test/unit/cli/grade.test.ts',
  'test/conformance/conform.test.ts',
  'test/conformance/theory/',
];

/** Vitest takes the largest files first where it has no times of an earlier run, and a fresh checkout has none. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((path) => moduleId.includes(path));
  return at === -1 ? LONG.length : at;
}
