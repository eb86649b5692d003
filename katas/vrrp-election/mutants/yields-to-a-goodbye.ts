/**
 * @misconception Priority 0 is a word for the master, so whoever hears it as master is meant.
 * @fails Wrong answer: a master yields to a weaker one
 */
import type { Elector } from 'ballast';

interface Options {
  priority: number;
  address: number;
  intervalUs: number;
  preempt: boolean;
}

const OWNER = 255;

export default function vrrpElection({ priority, address, intervalUs, preempt }: Options): Elector {
  const skewUs = Math.ceil(((256 - priority) * intervalUs) / 256);
  const downUs = 3 * intervalUs + skewUs;
  let role: 'initialize' | 'backup' | 'master' = 'initialize';
  /** When this router acts if it hears nothing: a backup takes over, a master advertises. */
  let deadlineUs = 0;

  return {
    next(advertisement, { nowUs }) {
      if (role === 'initialize') {
        role = 'backup';
        deadlineUs = priority === OWNER ? nowUs : nowUs + downUs;
      }
      if (advertisement !== undefined) {
        const { priority: theirs } = advertisement;
        const isBetter = theirs === 0 || theirs > priority || (theirs === priority && advertisement.address > address);
        if (role === 'master') {
          deadlineUs = isBetter ? nowUs + downUs : nowUs;
          if (isBetter) role = 'backup';
        } else if (theirs === 0) deadlineUs = nowUs + skewUs;
        else if (theirs >= priority || !preempt) deadlineUs = nowUs + downUs;
      }
      if (nowUs < deadlineUs) return { role, timerUs: deadlineUs - nowUs };
      role = 'master';
      deadlineUs = nowUs + intervalUs;
      return { role, advertise: priority, timerUs: intervalUs };
    },
  };
}
