import { breachAt, costPerDecisionBelow, refusesForged, stickyTo } from 'ballast';
import type { Check } from 'ballast';

/** Who has just failed to answer is not asked for once more: another may serve the session, and nobody is always an answer. */
const insistsOnNobody: Check = {
  watch: (_scenario, report) => ({
    on: {
      affinity: {
        find({ decision, atUs, args: [, request], answer }) {
          if (answer === undefined || !request.tried.includes(answer)) return;
          report(
            breachAt(
              { decision, atUs },
              {
                title: 'a session insists on a backend that has just failed',
                request: request.id,
                chose: `${answer.id}, where attempt ${request.attempt - 1} has failed`,
                better: 'undefined: the picker finds another',
                backends: { chose: answer.id },
              },
            ),
          );
        },
      },
    },
  }),
};

export const checks: readonly Check[] = [
  refusesForged('SERVERID'),
  stickyTo({ cookie: 'SERVERID' }),
  insistsOnNobody,
  // Reading the header, and a signature of a dozen letters for each backend; not a look at each of a thousand sessions.
  costPerDecisionBelow({ steps: 150, perBackend: 30 }),
];
