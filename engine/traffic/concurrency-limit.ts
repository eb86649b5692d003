/**
 * Concurrency limit: at most `limit` requests under way at the same time; one more is refused. By Little's law that is a limit on rate times latency, so it closes
 * by itself when backends slow down, which no limit on rates does.
 *
 * Cost: O(1) a request. Memory: one entry a request under way; keys without any are forgotten.
 *
 * Fails when: few slow requests take all places of a key and many fast ones are refused.
 *
 * Source: nginx `limit_conn`, HAProxy `maxconn` and `sc_conn_cur`, Traefik `inFlightReq`.
 *
 * Real systems: nginx counts connections whose request headers are complete and answers 503; HAProxy queues what is above `maxconn`. Nobody knows when a place gets
 * free, so Retry-After is a second.
 */
import type { AdmissionPolicy, Request } from '../core/policy.ts';
import { keyOf } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

export interface ConcurrencyLimitOptions extends KeyOptions {
  readonly limit?: number;
}

const RETRY_AFTER_US = 1_000_000;

export function concurrencyLimit({ limit = 10, ...by }: ConcurrencyLimitOptions = {}): AdmissionPolicy {
  const key = keyOf(by);
  const underWay = new Map<string, number>();
  /** The key a request came in with: a route may change what it was read from. */
  const keys = new Map<Request, string>();

  return {
    admit(request, _, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const count = underWay.get(name) ?? 0;
      if (count >= limit) return RETRY_AFTER_US;
      underWay.set(name, count + 1);
      keys.set(request, name);
      return undefined;
    },
    onAnswer(request) {
      const name = keys.get(request);
      if (name === undefined) return;
      keys.delete(request);
      const count = underWay.get(name)! - 1;
      if (count === 0) underWay.delete(name);
      else underWay.set(name, count);
    },
  };
}
