/**
 * Priority levels with overprovisioning, and panic: what share of its requests a pool sends to each of its levels.
 *
 * Whole numbers throughout, and every division cuts off. A level with a share h of its hosts healthy can take factor·h of the load, at most all of
 * it; the first level takes what it can, the next what is left, healthy hosts of all levels before degraded ones. When all levels together can take
 * less than 100 %, shares are scaled up, and a level with too few healthy hosts panics: health is no longer believed there, and the level's requests go
 * to all its hosts. When every level panics, the load is split by the number of hosts.
 *
 * Cost: O(levels) for each change of health; a pick adds one draw.
 *
 * Source: Envoy, load_balancer_impl.cc. Its documentation rounds differently in places: for 25 % and 100 % healthy it says 25/75, its code 35/65.
 */

export interface LevelHealth {
  /** Hosts that count, so without those taken out by hand. */
  readonly hosts: number;
  readonly healthy: number;
  readonly degraded?: number;
}

export interface LevelLoads {
  /** What each level could take, in percent of the whole load, by its healthy and by its degraded hosts. */
  readonly health: readonly number[];
  readonly degradedHealth: readonly number[];
  /** What each level is given, in percent. */
  readonly load: readonly number[];
  readonly degradedLoad: readonly number[];
  readonly panic: readonly boolean[];
  /** What all levels could take together, at most 100. */
  readonly available: number;
}

/** `factorPercent` is 140 in Envoy, `panicPercent` 50; 0 switches panic off. */
export function loadsOf(levels: readonly LevelHealth[], factorPercent: number, panicPercent: number): LevelLoads {
  const share = (part: number, hosts: number) =>
    hosts === 0 ? 0 : Math.min(100, Math.floor((factorPercent * part) / hosts));
  const health = levels.map(({ hosts, healthy }) => share(healthy, hosts));
  const degradedHealth = levels.map(({ hosts, degraded = 0 }) => share(degraded, hosts));
  const available = Math.min(100, sum(health) + sum(degradedHealth));
  const load = levels.map(() => 0);
  const degradedLoad = levels.map(() => 0);
  if (available === 0) load[0] = 100;
  else {
    let left = 100;
    const deal = (to: number[], can: readonly number[]) =>
      can.forEach((percent, level) => {
        to[level] = Math.min(left, Math.floor((percent * 100) / available));
        left -= to[level];
      });
    deal(load, health);
    deal(degradedLoad, degradedHealth);
    // What cutting off has left over.
    const first = health.findIndex((percent) => percent > 0);
    if (first >= 0) load[first]! += left;
    else degradedLoad[degradedHealth.findIndex((percent) => percent > 0)]! += left;
  }
  const panic = levels.map((level) => available < 100 && panics(level, panicPercent));
  if (!panic.includes(false)) {
    degradedLoad.fill(0);
    splitByHosts(load, levels);
  }
  return { health, degradedHealth, load, degradedLoad, panic, available };
}

/** The level for a draw or a hash: an index of the levels, as `healthy` hosts or as degraded ones. */
export function levelFor(
  { load, degradedLoad }: Pick<LevelLoads, 'load' | 'degradedLoad'>,
  hash: number,
): { readonly level: number; readonly degraded: boolean } {
  const wanted = (hash % 100) + 1;
  let reached = 0;
  for (const [degraded, loads] of [load, degradedLoad].entries()) {
    for (const [level, percent] of loads.entries()) {
      reached += percent;
      if (reached >= wanted) return { level, degraded: degraded === 1 };
    }
  }
  return { level: 0, degraded: false };
}

function panics({ hosts, healthy, degraded = 0 }: LevelHealth, panicPercent: number): boolean {
  return (hosts === 0 ? 0 : (100 * (healthy + degraded)) / hosts) < panicPercent;
}

function splitByHosts(load: number[], levels: readonly LevelHealth[]): void {
  const hosts = levels.map((level) => level.hosts);
  const total = sum(hosts);
  load.fill(0);
  if (total === 0) {
    load[0] = 100;
    return;
  }
  hosts.forEach((count, level) => (load[level] = Math.floor((100 * count) / total)));
  load[hosts.findIndex((count) => count > 0)]! += 100 - sum(load);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
