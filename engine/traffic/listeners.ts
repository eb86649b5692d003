/**
 * Listeners: on which port the balancer is reached, and what it understands there. TCP and UDP are layer 4, HTTP and HTTPS layer 7.
 * Several may share a port when they tell their requests apart by name (SNI, the host a client asks for while it sets up TLS): an exact name
 * comes before a wildcard, `*.example.test`, a longer wildcard before a shorter, and any before a listener without names.
 *
 * Cost: O(listeners on the port) a request, and there is hardly ever more than one.
 *
 * Fails when: a client sends no name, or one that nobody listens for: with names alone on the port the connection is refused.
 *
 * Source: RFC 6066, section 3 (server name indication); nginx `server_name` for the order of names.
 *
 * Real systems: HAProxy refuses a foreign name only with `strict-sni`, nginx and ALB have a default certificate; here a listener without names
 * is that default. One wildcard stands for any number of labels, as in nginx and not as in certificates.
 */
import { matchesHost } from './host-pattern.ts';

export interface Listener {
  readonly id: string;
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https';
  readonly port: number;
  /** The names it answers to. Empty: all. */
  readonly names: readonly string[];
  /** Takes what no route sends elsewhere. */
  readonly pool?: string | undefined;
}

/** The listener for a port and a name, or none. */
export function listenerTable(listeners: readonly Listener[]): (port: number, name: string) => Listener | undefined {
  const byPort = new Map<number, { readonly name: string; readonly listener: Listener }[]>();
  for (const listener of listeners) {
    const there = byPort.get(listener.port) ?? [];
    byPort.set(listener.port, there);
    for (const name of listener.names.length === 0 ? ['*'] : listener.names) there.push({ name, listener });
  }
  // `*` ends up last and exact names first.
  for (const there of byPort.values()) there.sort((a, b) => rank(b.name) - rank(a.name));
  return (port, name) => byPort.get(port)?.find((entry) => matchesHost(entry.name, name))?.listener;
}

function rank(name: string): number {
  return name.startsWith('*') ? name.length : 1_000 + name.length;
}
