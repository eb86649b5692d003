/**
 * What a million connections at once take in memory: on layer 4 a row of the table of connections; on layer 7 a request in
 * flight, which is a row of the table of requests and the view that policies see. Needs `node --expose-gc`.
 */
import { ConnectionTable } from '../../engine/balancer/connection-table.ts';
import { InFlight } from '../../engine/world/in-flight.ts';
import { RequestView } from '../../engine/core/request.ts';

const CONNECTIONS = 1_000_000;
const BACKENDS = 10_000;

export function benchMemory(): void {
  console.log(`Bytes of memory for each of ${CONNECTIONS.toLocaleString('en')} connections; Node ${process.version}\n`);
  console.log('| what | bytes each |');
  console.log('|---|---:|');
  const measured = [
    ['layer 4: a connection in the table of the balancer', bytesEach(table)],
    ['layer 7: a request in flight, row and view', bytesEach(rows)],
  ] as const;
  for (const [what, bytes] of measured) console.log(`| ${what} | ${bytes.toFixed(0)} |`);
}

function table(): unknown {
  const connections = new ConnectionTable();
  for (let connection = 1; connection <= CONNECTIONS; connection++)
    connections.add(connection, connection % BACKENDS, connection);
  return connections;
}

function rows(): unknown {
  const template = { client: 'c', class: 'default', method: 'GET', host: 'h', path: '/', headers: {} };
  const inFlight = new InFlight();
  for (let request = 1; request <= CONNECTIONS; request++) {
    const row = inFlight.take(0, 0, request);
    inFlight.view[row] = new RequestView(request, request, template, request);
  }
  return inFlight;
}

function bytesEach(make: () => unknown): number {
  const before = used();
  const kept = make();
  const after = used();
  // Named after the measurement, so that it is still alive there.
  if (kept === undefined) throw new Error('nothing was made');
  return (after - before) / CONNECTIONS;
}

/** After a collection: objects, and the memory of typed arrays beside them. */
function used(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
