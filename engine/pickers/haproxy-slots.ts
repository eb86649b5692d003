/**
 * HAProxy's bound on loads (`hash-balance-factor`): of ceil((served + 1) * factor / 100) slots everybody has a part by weight; what the division leaves is dealt out
 * along the cumulative weight, and nobody has less than one. Answers whether a server with `inFlight` of its slots taken has one left.
 *
 * Source: haproxy src/lb_chash.c, chash_server_is_eligible.
 */
export function haproxySlots(
  weights: Float64Array,
  factor: number,
): (server: number, inFlight: number, served: number) => boolean {
  const slots = haproxySlotCount(weights, factor);
  return (server, inFlight, served) => inFlight < slots(server, served);
}

/** Answers how many slots a server has while `served` requests are under way. */
export function haproxySlotCount(weights: Float64Array, factor: number): (server: number, served: number) => number {
  const before = new Float64Array(weights.length);
  let total = 0;
  weights.forEach((weight, server) => {
    before[server] = total;
    total += weight;
  });
  return (server, served) => {
    const all = Math.ceil(((served + 1) * factor) / 100);
    const weight = weights[server]!;
    const rest = all % total;
    const dealt =
      Math.floor(((before[server]! + weight) * rest) / total) - Math.floor((before[server]! * rest) / total);
    return Math.max(1, weight * Math.floor(all / total) + dealt);
  };
}
