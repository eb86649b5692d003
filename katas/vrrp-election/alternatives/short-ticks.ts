import type { Elector } from 'ballast';

interface Options {
  priority: number;
  address: number;
  intervalUs: number;
  preempt: boolean;
}

/**
 * Remembers when a master was heard last instead of a deadline, wakes up several times an interval, and takes over from a weaker master as soon as it hears it.
 */
export default function vrrpElection(options: Options): Elector {
  const { priority, address, intervalUs, preempt } = options;
  const skewUs = Math.floor((intervalUs * (256 - priority)) / 256);
  let isMaster = false;
  /** Undefined before the start. */
  let heardUs: number | undefined;
  let saidUs = 0;

  const backup = (nowUs: number) => {
    const leftUs = heardUs! + 3 * intervalUs + skewUs - nowUs;
    return { role: 'backup', timerUs: Math.min(leftUs, Math.ceil(intervalUs / 4)) } as const;
  };

  const master = (nowUs: number) => {
    isMaster = true;
    saidUs = nowUs;
    return { role: 'master', advertise: priority, timerUs: intervalUs } as const;
  };

  return {
    next(advertisement, { nowUs }) {
      if (heardUs === undefined) {
        heardUs = nowUs;
        if (priority === 255) return master(nowUs);
      }
      const theirs = advertisement?.priority;
      if (isMaster) {
        const isWorse =
          theirs === undefined || theirs < priority || (theirs === priority && advertisement!.address < address);
        if (isWorse) {
          if (nowUs - saidUs >= intervalUs) return master(nowUs);
          return { role: 'master', timerUs: saidUs + intervalUs - nowUs };
        }
        isMaster = false;
        heardUs = nowUs;
        return backup(nowUs);
      }
      // As if it had been heard three intervals ago: only the skew is left.
      if (theirs === 0) heardUs = nowUs - 3 * intervalUs;
      else if (theirs !== undefined) {
        if (preempt && theirs < priority) return master(nowUs);
        heardUs = nowUs;
      }
      return nowUs - heardUs >= 3 * intervalUs + skewUs ? master(nowUs) : backup(nowUs);
    },
  };
}
