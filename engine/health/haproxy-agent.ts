/**
 * Reads the replies of an agent on the backend, one line of words between spaces, tabs or commas: "75%" asks for that part of the configured weight,
 * "maxconn:30" sets the bound on connections, "up" and "down" (or "fail", "failed", "stopped") say how it feels, "ready", "drain" and "maint" set its state.
 * What follows a # is for people. A later word of a kind wins over an earlier one. Of words it does not know it says nothing.
 *
 * "up" brings back what "down" took out, and no more: only "ready" ends drain and maint. An agent that cannot be asked changes nothing.
 *
 * Cost: O(length) a reply, no memory.
 *
 * Fails when: weights are small, as the part is rounded down: 25 % of weight 1 is nothing, and the backend gets no requests. Use weights near 100.
 *
 * Source: HAProxy 2.6 configuration manual, `agent-check`; src/tcpcheck.c and server_parse_weight_change_request of src/server.c.
 */
import type { AgentOrders, AgentPolicy } from '../core/policy.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export function haproxyAgent(): AgentPolicy {
  return { observe: (_backend, reply) => (reply === undefined ? undefined : ordersIn(reply)) };
}

/** HAProxy caps what a weight can be multiplied with. */
const LARGEST_PERCENT = 25_600;

function ordersIn(reply: string): AgentOrders | undefined {
  const orders: Mutable<AgentOrders> = {};
  const [line = ''] = reply.split(/[\r\n]/, 1);
  for (const word of line.split('#', 1)[0]!.split(/[ \t,]+/)) read(word.toLowerCase(), orders);
  return Object.keys(orders).length === 0 ? undefined : orders;
}

function read(word: string, orders: Mutable<AgentOrders>): void {
  const percent = /^(?:weight:)?(\d+)%$/.exec(word);
  const maxConnections = /^maxconn:(\d+)$/.exec(word);
  if (percent) orders.weightPercent = Math.min(Number(percent[1]), LARGEST_PERCENT);
  else if (maxConnections) orders.maxConnections = bound(Number(maxConnections[1]));
  else if (word === 'up') orders.health = 'healthy';
  else if (word === 'down' || word === 'fail' || word === 'failed' || word === 'stopped') orders.health = 'unhealthy';
  else if (word === 'ready' || word === 'drain' || word === 'maint') orders.state = word;
}

/** "maxconn:0" takes the bound away. */
function bound(maxConnections: number): number {
  return maxConnections === 0 ? Infinity : maxConnections;
}
