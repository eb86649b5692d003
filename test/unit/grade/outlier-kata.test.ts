import { expect, test } from 'vitest';
import { checks } from '../../../katas/outlier-detection/checks.ts';
import type { Backend, HealthSignal } from '../../../engine/core/policy.ts';
import type { SeenCall } from '../../../engine/grade/check.ts';
import { world } from '../world/build.ts';

/** The second check of the kata is that of who is odd. */
test('who is ejected in place of an odd one, without an answer, is named as not odd', () => {
  const titles: string[] = [];
  const watcher = checks[1]!.watch(world({}), ({ title }) => titles.push(title));
  const backends = ['s1', 's2', 's3'].map((id) => ({ id }) as Backend);
  const seen = (args: unknown[], answer: unknown) =>
    ({ decision: 0, atUs: 0, pool: '', node: '', args, answer }) as unknown as SeenCall<never>;
  const answered = (status: number): HealthSignal =>
    ({ kind: 'response', outcome: { kind: 'served', status, latencyUs: 1 } }) as HealthSignal;
  const { observe, sweep } = watcher.on!.outlier!;
  for (let n = 0; n < 10; n++) {
    observe!(seen([backends[0], answered(500)], undefined));
    observe!(seen([backends[1], answered(200)], undefined));
    observe!(seen([backends[1], answered(200)], undefined));
  }
  sweep!(seen([backends], new Map([[backends[2], 'unhealthy']])));
  expect(titles[0]).toContain('a backend is ejected that is not odd');
});
