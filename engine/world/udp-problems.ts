import type { Problem } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';

type Client = Scenario['clients'][number];

/** What a client that sends datagrams cannot have, and what it needs. */
export function udpProblems({ clients, balancer }: Scenario): Problem[] {
  return clients.flatMap((client, at): Problem[] => {
    if (client.transport !== 'udp') return [];
    const field = `clients[${at}]`;
    return [...clientProblems(client, field), ...wayProblems(client, balancer, `${field}.transport`)];
  });
}

function clientProblems({ timeoutUs, tcpHandshake, keepAlive }: Client, field: string): Problem[] {
  const problems: Problem[] = [];
  if (timeoutUs === undefined)
    problems.push({
      field: `${field}.timeoutUs`,
      found: 'nothing, with UDP',
      expected: 'a time: nobody tells the client of a datagram that is lost',
      mend: 'Add how long it waits (a resolver: 5000000).',
    });
  if (tcpHandshake)
    problems.push({
      field: `${field}.tcpHandshake`,
      found: 'a handshake, with UDP',
      expected: 'none: a flow is not opened',
      mend: 'Remove it.',
    });
  if (keepAlive !== undefined)
    problems.push({
      field: `${field}.keepAlive`,
      found: 'connections that are closed, with UDP',
      expected: 'none: a flow is not closed',
      mend: 'Remove it; balancer.connectionTable.udpIdleTimeoutUs says how long a flow is remembered.',
    });
  return problems;
}

/** Datagrams pass through layer 4, both ways. */
function wayProblems(
  { port = 80 }: Client,
  { layer, listeners, mode }: Scenario['balancer'],
  field: string,
): Problem[] {
  if (mode === 'dsr' || mode === 'proxy')
    return [
      {
        field,
        found: `"udp" with the mode "${mode}"`,
        expected: 'the mode "nat"',
        mend: 'Remove balancer.mode: the other modes need what TCP tells the balancer.',
      },
    ];
  const isFine =
    listeners.length === 0
      ? layer === 4
      : listeners.some((listener) => listener.port === port && listener.protocol === 'udp');
  if (isFine) return [];
  return listeners.length === 0
    ? [{ field, found: '"udp" on layer 7', expected: 'layer 4', mend: 'Set balancer.layer to 4.' }]
    : [
        {
          field,
          found: `"udp", and no such listener on port ${port}`,
          expected: `a listener with the protocol "udp" on port ${port}`,
          mend: 'Add one, or give the client its port.',
        },
      ];
}
