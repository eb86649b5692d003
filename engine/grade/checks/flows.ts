import type { Flow } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

/**
 * The packets of a flow go where its first one went, as long as that backend is in the list; also at another node of the tier, which takes over the flow in
 * the middle, if `acrossNodes`. Exact.
 */
export function flowsSurvive({ acrossNodes = false }: { readonly acrossNodes?: boolean } = {}): Check {
  return {
    watch(_scenario, report) {
      /** By id: each node has views of its own of the backends. */
      const homes = new Map<string, string>();
      const nameOf = (flow: Flow, node: string): string => `${acrossNodes ? '' : node} ${text(flow)}`;
      return {
        on: {
          flows: {
            lookup({ decision, atUs, node, args: [flow, opening, backends], answer }) {
              const name = nameOf(flow, node);
              const home = homes.get(name);
              const isThere = backends.some(({ id }) => id === home);
              if (answer !== undefined && (opening || !isThere)) homes.set(name, answer.id);
              if (opening || home === undefined || answer?.id === home || !isThere) return;
              report(
                breachAt(
                  { decision, atUs },
                  {
                    title: 'an established flow is moved',
                    chose: `${answer?.id ?? 'nobody (dropped)'} for ${text(flow)}`,
                    better: `${home}, which has its connection and is still there`,
                    backends: { better: home, ...(answer && { chose: answer.id }) },
                  },
                ),
              );
            },
            close: ({ node, args: [flow] }) => void homes.delete(nameOf(flow, node)),
          },
        },
      };
    },
  };
}

function text({ sourceAddress, sourcePort, destinationPort }: Flow): string {
  const octets = [24, 16, 8, 0].map((shift) => (sourceAddress >>> shift) & 0xff).join('.');
  return `${octets}:${sourcePort} to port ${destinationPort}`;
}
