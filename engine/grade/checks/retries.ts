import type { Request } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

export interface Amplification {
  /** Retries for each first attempt, over the run so far. */
  readonly share: number;
  /** Retries that are always allowed, beside the share: budgets have a floor. */
  readonly minimum?: number;
}

/** Retries never multiply the load: at every moment there were at most share x requests + minimum of them. Exact. */
export function amplificationAtMost({ share, minimum = 0 }: Amplification): Check {
  return {
    watch(_scenario, report) {
      let requests = 0;
      let retries = 0;
      return {
        on: {
          retry: {
            onRequest() {
              requests += 1;
            },
            onFailure({ decision, atUs, args: [request], answer }) {
              if (answer === undefined) return;
              retries += 1;
              const most = share * requests + minimum;
              if (retries <= most) return;
              report(
                breachAt(
                  { decision, atUs },
                  {
                    title: 'retries multiply the load',
                    request: request.id,
                    chose: `retry number ${retries} for ${requests} requests`,
                    better: `to give up: ${Math.floor(most)} retries are within the budget`,
                  },
                ),
              );
            },
          },
        },
      };
    },
  };
}

const IDEMPOTENT: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** Only what may be carried out twice is tried again (RFC 9110, section 9.2.2), unless it surely was not carried out. Exact. */
export function retriesOnlySafe(): Check {
  return {
    watch: (_scenario, report) => ({
      on: {
        retry: {
          onFailure({ decision, atUs, args: [request, , outcome], answer }) {
            const untouched = outcome.kind === 'refused' || outcome.kind === 'rejected';
            if (answer === undefined || untouched || IDEMPOTENT.includes(request.method)) return;
            report(
              breachAt(
                { decision, atUs },
                {
                  title: 'a request is tried again that may have been carried out',
                  request: request.id,
                  chose: `${describe(request)} again, after "${outcome.kind}"`,
                  better: 'to give up: the backend may have done it already',
                },
              ),
            );
          },
        },
      },
    }),
  };
}

function describe({ method, path }: Request): string {
  return `${method} ${path}`;
}
