import type { Elector } from 'ballast';

interface Options {
  priority: number;
  address: number;
  intervalUs: number;
  preempt: boolean;
}

export default function vrrpElection({ priority, address, intervalUs, preempt }: Options): Elector {
  return {
    next(advertisement, ctx) {
      if (advertisement !== undefined) return { role: 'master', timerUs: intervalUs };
      return { role: 'master', advertise: priority, timerUs: intervalUs };
    },
  };
}
