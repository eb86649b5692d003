import { expect, test } from 'vitest';
import type { Backend, Context, HealthPolicy, HealthSignal } from '../../../engine/core/policy.ts';
import { watched } from '../../../engine/grade/watched.ts';

test('what a policy does not have is none of its decisions, though a watcher wants to hear of it', () => {
  const onlyObserves: HealthPolicy = { observe: () => undefined };
  const heard: [string, number][] = [];
  const watcher = {
    on: {
      outlier: {
        observe: ({ decision }: { decision: number }) => void heard.push(['observe', decision]),
        sweep: ({ decision }: { decision: number }) => void heard.push(['sweep', decision]),
      },
    },
  };
  const pool = { picker: { pick: () => undefined }, outlier: onlyObserves };
  const policies = watched({ pools: new Map([['web', pool]]) }, [watcher], () => 0);
  const policy = policies.pools.get('web')!.outlier!;

  const [backend, signal, ctx] = [{} as Backend, {} as HealthSignal, {} as Context];
  policy.observe(backend, signal, ctx);
  policy.sweep!([backend], ctx);
  policy.observe(backend, signal, ctx);
  expect(heard).toEqual([
    ['observe', 0],
    ['sweep', 1],
    ['observe', 1],
  ]);
});
