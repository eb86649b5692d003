import type { Advertisement, Elector } from 'ballast';

interface Options {
  priority: number;
  address: number;
  intervalUs: number;
  preempt: boolean;
}

type Answer = ReturnType<Elector['next']>;

/** The three states of the RFC as functions. A master says nothing to a weaker one (RFC 5798): that one hears it soon enough. */
export default function vrrpElection({ priority, address, intervalUs, preempt }: Options): Elector {
  const skewUs = (intervalUs / 256) * (256 - priority);
  let state = start;
  let dueUs = 0;

  function backup(nowUs: number, waitUs: number): Answer {
    state = asBackup;
    dueUs = nowUs + Math.round(waitUs);
    return { role: 'backup', timerUs: dueUs - nowUs };
  }

  function master(nowUs: number): Answer {
    state = asMaster;
    dueUs = nowUs + intervalUs;
    return { role: 'master', advertise: priority, timerUs: intervalUs };
  }

  function start(_advertisement: Advertisement | undefined, nowUs: number): Answer {
    return priority === 255 ? master(nowUs) : backup(nowUs, 3 * intervalUs + skewUs);
  }

  function asBackup(heard: Advertisement | undefined, nowUs: number): Answer {
    if (heard === undefined) return nowUs >= dueUs ? master(nowUs) : backup(nowUs, dueUs - nowUs);
    if (heard.priority === 0) return backup(nowUs, skewUs);
    if (preempt && heard.priority < priority) return backup(nowUs, dueUs - nowUs);
    return backup(nowUs, 3 * heard.intervalUs + skewUs);
  }

  function asMaster(heard: Advertisement | undefined, nowUs: number): Answer {
    if (heard === undefined) return master(nowUs);
    const yields = heard.priority === priority ? heard.address > address : heard.priority > priority;
    return yields ? backup(nowUs, 3 * intervalUs + skewUs) : { role: 'master', timerUs: dueUs - nowUs };
  }

  return { next: (advertisement, { nowUs }) => state(advertisement, nowUs) };
}
