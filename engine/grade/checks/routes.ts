import type { Forward, Reply, Request } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

type Answer = string | Forward | Reply | undefined;

/** Each request goes to the pool that `expected` names; `undefined`: there is no route. Exact. */
export function routesTo(expected: (request: Request) => string | undefined): Check {
  return {
    watch: (_scenario, report) => ({
      on: {
        router: {
          route({ decision, atUs, args: [request], answer }) {
            const right = expected(request);
            if (poolOf(answer) === right) return;
            report(
              breachAt(
                { decision, atUs },
                {
                  title: 'a request takes the wrong route',
                  request: request.id,
                  chose: `${say(poolOf(answer))} for ${request.method} ${request.host}${request.path}`,
                  better: say(right),
                },
              ),
            );
          },
        },
      },
    }),
  };
}

function poolOf(answer: Answer): string | undefined {
  if (typeof answer !== 'object') return answer;
  return 'pool' in answer ? answer.pool : `a reply with status ${answer.status}`;
}

function say(pool: string | undefined): string {
  return pool === undefined ? 'no route (undefined)' : pool;
}
