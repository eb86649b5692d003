/**
 * The probability that at least `needed` of these nodes are up, each with its own probability and independent of the others: the distribution of the number that are
 * up, built node by node. What really happens is below it, since failover takes time, and nodes fail together.
 *
 * Cost: O(n^2).
 */
export function availability(nodes: readonly number[], needed: number): number {
  /** up[k]: the probability that k of the nodes so far are up. */
  let up = [1];
  for (const isUp of nodes) {
    const next = new Array<number>(up.length + 1).fill(0);
    up.forEach((probability, count) => {
      next[count]! += probability * (1 - isUp);
      next[count + 1]! += probability * isUp;
    });
    up = next;
  }
  return up.slice(needed).reduce((sum, probability) => sum + probability, 0);
}
