/**
 * Is one more within a limit? Envoy's circuit breakers are such limits: connections, requests that wait, requests under way (1024 each) and retries (3), per
 * cluster and priority. Beyond, the answer is a 503 at once: what is not accepted cannot pile up.
 *
 * Source: Envoy, circuit_breaker.proto. Its workers share the count without waiting for each other, so a few more may slip through; here they do not.
 */
export function isWithin(limit: number, underWay: number): boolean {
  return underWay < limit;
}
