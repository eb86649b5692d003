/** What answers that are plain data look like. Asked of tapes, which nobody vouches for, and of what learner code answers. */
import type { AgentOrders, Forward, Reply, Resolver } from '../core/policy.ts';

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHeaders(value: unknown): boolean {
  return value === undefined || (isRecord(value) && Object.values(value).every(isText));
}

function isMaybeText(value: unknown): boolean {
  return value === undefined || isText(value);
}

export function isForward(value: unknown): value is Forward {
  if (!isRecord(value) || !isText(value['pool'])) return false;
  const { host, path, route, headers } = value;
  return isMaybeText(host) && isMaybeText(path) && isMaybeText(route) && isHeaders(headers);
}

export function isReply(value: unknown): value is Reply {
  if (!isRecord(value)) return false;
  const { status, body, headers } = value;
  return isWithin(status, 100, 599) && isMaybeText(body) && isHeaders(headers);
}

/** What a router may answer. */
export function isRoute(value: unknown): value is string | Forward | Reply {
  return isText(value) || isForward(value) || isReply(value);
}

const STATES: readonly unknown[] = [undefined, 'ready', 'drain', 'maint'];
const HEALTHS: readonly unknown[] = [undefined, 'healthy', 'unhealthy'];

export function isOrders(value: unknown): value is AgentOrders {
  if (!isRecord(value)) return false;
  const { health, state, weightPercent, maxConnections } = value;
  return (
    HEALTHS.includes(health) &&
    STATES.includes(state) &&
    (weightPercent === undefined || isWithin(weightPercent, 0, Infinity)) &&
    (maxConnections === undefined || isWithin(maxConnections, 0, Infinity))
  );
}

export function isResolution(value: unknown): value is ReturnType<Resolver['resolve']> {
  if (!isRecord(value)) return false;
  const { sites, ttlUs } = value;
  return Array.isArray(sites) && sites.every(isText) && isWithin(ttlUs, 0, Infinity);
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
