import type { Backend, Request } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';
import { time } from '../words.ts';

/** Each attempt that was sent to a backend ends within so long, or the run does. Exact. */
export function everyRequestEnds(withinUs: number): Check {
  return {
    watch(scenario, report) {
      const open = new Map<Request, { decision: number; atUs: number; backend: Backend }>();
      const judge = (request: Request, untilUs: number): void => {
        const sent = open.get(request);
        open.delete(request);
        if (sent === undefined || untilUs - sent.atUs <= withinUs) return;
        report(
          breachAt(sent, {
            title: 'a request does not end',
            request: request.id,
            chose: `${sent.backend.id}, where it was for ${time(untilUs - sent.atUs)}`,
            better: `a backend that answers within ${time(withinUs)}`,
            backends: { chose: sent.backend.id },
          }),
        );
      };
      return {
        on: {
          picker: {
            onRequestStart: ({ decision, atUs, args: [backend, request] }) =>
              void open.set(request, { decision: Math.max(0, decision - 1), atUs, backend }),
            onRequestEnd: ({ atUs, args: [, request] }) => judge(request, atUs),
          },
        },
        end() {
          for (const request of [...open.keys()]) judge(request, scenario.durationUs);
        },
      };
    },
  };
}
