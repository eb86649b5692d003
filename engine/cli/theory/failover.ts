import { Prng } from '../../core/prng.ts';
import type { Advertisement } from '../../core/policy.ts';
import { vrrpElector } from '../../tier/vrrp.ts';
import { has, numberOf, UNIT_US } from './row.ts';
import type { Kind } from './row.ts';
import { spreadOf } from './detection.ts';

/** A VRRP pair whose master dies at a random phase of its advertisements: how long until the backup has the address. */
export const failover: Kind = {
  name: 'take-over in a VRRP pair',
  takes: (row) => has(row, 'backup_priority', 'advert_s'),
  measure(row, { seed }) {
    const runs = row.requests_needed ?? RUNS;
    const intervalUs = Math.round(numberOf(row, 'advert_s') * UNIT_US);
    const priority = numberOf(row, 'backup_priority');
    if (!Array.isArray(row.expected))
      return { got: takeoverS(priority, intervalUs, 0, /graceful|priority.0|shutdown/i.test(row.metric)), requests: 1 };
    const found = takeovers(priority, intervalUs, runs, seed);
    return { ...spreadOf(row, row.expected as number[], found), requests: runs };
  },
};

const RUNS = 1000;
/** The owner of the address. */
const MASTER = 255;

export function takeovers(priority: number, intervalUs: number, runs: number, seed: number): number[] {
  const phases = new Prng(seed).fork('phases');
  return Array.from({ length: runs }, () => takeoverS(priority, intervalUs, phases.float(), false));
}

interface Router {
  readonly elector: ReturnType<typeof vrrpElector>;
  readonly own: Omit<Advertisement, 'priority'>;
  wakeUs: number;
  role: string;
}

/** Seconds from the end of the master to the take-over. `phase`: the part of an interval that has passed since its last advertisement. */
export function takeoverS(priority: number, intervalUs: number, phase: number, graceful: boolean): number {
  const ctx = { nowUs: 0, rng: new Prng(0) };
  const routers = [MASTER, priority].map((of, address): Router => {
    const elector = vrrpElector({ priority: of, address, intervalUs });
    return { elector, own: { address, intervalUs }, wakeUs: 0, role: 'initialize' };
  }) as [Router, Router];
  const [master, backup] = routers;

  function hear(router: Router, heard: Advertisement | undefined): void {
    const { role, timerUs, advertise } = router.elector.next(heard, ctx);
    router.role = role;
    router.wakeUs = ctx.nowUs + timerUs;
    if (advertise === undefined) return;
    const other = router === master ? backup : master;
    if (other.role !== 'gone') hear(other, { ...router.own, priority: advertise });
  }

  const endUs = 10 * intervalUs + Math.floor(phase * intervalUs);
  for (;;) {
    const next = master.wakeUs <= backup.wakeUs ? master : backup;
    if (next.wakeUs > endUs) break;
    ctx.nowUs = next.wakeUs;
    hear(next, undefined);
  }
  ctx.nowUs = endUs;
  master.role = 'gone';
  if (graceful) hear(backup, { ...master.own, priority: 0 });
  while (backup.role !== 'master') {
    ctx.nowUs = backup.wakeUs;
    hear(backup, undefined);
  }
  return (ctx.nowUs - endUs) / UNIT_US;
}
