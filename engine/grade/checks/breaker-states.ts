import type { Backend, BreakerState } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';
import { time } from '../words.ts';

interface Circuit {
  state: BreakerState;
  /** When it was first seen open, and when it can have opened at the earliest: at the last failure before. */
  openedUs: number;
  earliestUs: number;
  lastFailureUs: number;
  /** What has ended well, and badly, since it was last half open. */
  passed: number;
  failed: number;
  failuresInRow: number;
}

export interface BreakerRule {
  /** An open circuit stays open so long. */
  readonly openUs: number;
  /** After so many failures in a row the circuit is open at the next pick. Absent: not checked. */
  readonly opensAfter?: number;
}

/**
 * The three states and the ways between them: open for `openUs`, then half open, never closed at once; closed only after a trial that passed, open again
 * after one that failed. Exact, but for when a circuit opens: at the failure, or at the first pick after it, both are right.
 */
export function breakerStates({ openUs, opensAfter }: BreakerRule): Check {
  return {
    watch(_scenario, report) {
      const circuits = new Map<Backend, Circuit>();
      const circuitOf = (backend: Backend): Circuit => {
        const known = circuits.get(backend) ?? {
          state: 'closed',
          openedUs: 0,
          earliestUs: 0,
          lastFailureUs: 0,
          passed: 0,
          failed: 0,
          failuresInRow: 0,
        };
        circuits.set(backend, known);
        return known;
      };
      return {
        on: {
          breaker: {
            observe({ atUs, args: [backend, outcome] }) {
              const circuit = circuitOf(backend);
              const failed = outcome.kind !== 'served' || outcome.status >= 500;
              circuit.failuresInRow = failed ? circuit.failuresInRow + 1 : 0;
              if (failed) circuit.failed += 1;
              if (failed) circuit.lastFailureUs = atUs;
              else circuit.passed += 1;
            },
            state({ decision, atUs, args: [backend], answer }) {
              const circuit = circuitOf(backend);
              const right = wrongTurn(circuit, answer, atUs, openUs, opensAfter);
              if (right !== undefined) {
                report(
                  breachAt(
                    { decision, atUs },
                    {
                      title: right.title,
                      chose: `${answer} for ${backend.id}, which was ${circuit.state}`,
                      better: right.better,
                      backends: { chose: backend.id },
                    },
                  ),
                );
              }
              if (answer === circuit.state) return;
              if (answer === 'open') {
                circuit.openedUs = atUs;
                circuit.earliestUs = circuit.lastFailureUs;
              }
              if (answer === 'half-open') circuit.passed = circuit.failed = 0;
              circuit.failuresInRow = 0;
              circuit.state = answer;
            },
          },
        },
      };
    },
  };
}

function wrongTurn(
  { state, openedUs, earliestUs, passed, failed, failuresInRow }: Circuit,
  answer: BreakerState,
  atUs: number,
  openUs: number,
  opensAfter: number | undefined,
): { title: string; better: string } | undefined {
  const isDue = atUs - openedUs >= openUs;
  const mayTry = atUs - earliestUs >= openUs;
  if (state === 'open') {
    if (answer === 'closed')
      return { title: 'a circuit closes without a trial', better: isDue ? 'half-open: one request tries' : 'open' };
    if (answer === 'half-open' && !mayTry)
      return { title: 'a trial comes too early', better: `open until ${time(openUs)} have passed` };
    if (answer === 'open' && isDue)
      return { title: 'an open circuit never tries', better: `half-open: ${time(openUs)} have passed` };
  }
  if (state === 'half-open') {
    if (answer === 'closed' && passed === 0)
      return { title: 'a circuit closes without a trial', better: 'half-open: no trial has passed yet' };
    if (answer !== 'open' && failed > 0)
      return { title: 'a failed trial does not open the circuit', better: 'open: the trial failed' };
  }
  if (state === 'closed' && answer !== 'open' && opensAfter !== undefined && failuresInRow >= opensAfter) {
    return { title: 'a circuit stays closed while requests fail', better: `open: ${failuresInRow} failures in a row` };
  }
  return undefined;
}
