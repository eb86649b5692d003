/** Counts the requests in flight where views show another number: each call answers the balancer's own count. */
export interface LoadKeeper {
  add(backend: number, by: number): number;
  count(backend: number): number;
}
