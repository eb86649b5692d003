/**
 * Zones and the targets in them, in the way of the AWS load balancers: a node in each zone, clients spread evenly over the nodes, and each node sends to the
 * targets of its own zone only, or, with cross-zone balancing, to all.
 *
 * Fails when: zones are of different sizes and cross-zone balancing is off: two targets beside a zone of eight get 25 % each, the eight 6.25 %.
 *
 * Source: Elastic Load Balancing user guides (cross-zone load balancing, target group health, availability zone DNS affinity).
 */

/** The share of all traffic that one target of each zone gets. A zone without targets gets no traffic. */
export function targetShares(targetsPerZone: readonly number[], crossZone: boolean): number[] {
  const zones = targetsPerZone.filter((targets) => targets > 0).length;
  const all = targetsPerZone.reduce((sum, targets) => sum + targets, 0);
  return targetsPerZone.map((targets) => {
    if (targets === 0) return 0;
    return crossZone ? 1 / all : 1 / zones / targets;
  });
}

/** Below the minimum of healthy targets a zone fails open: it sends to all that are registered rather than to the few. */
export function failsOpen(healthy: number, minimumHealthy: number): boolean {
  return healthy < minimumHealthy;
}

/** The share of a client's look-ups that are answered with a node in its own zone on purpose; the rest go anywhere. */
export const ZONAL_AFFINITY = {
  availability_zone_affinity: 1,
  partial_availability_zone_affinity: 0.85,
  any_availability_zone: 0,
} as const;
