import type { Action } from '../../../engine/index.ts';
import { formatUs } from '../chart/format.ts';

/** What a fault of several steps does, as a sentence without its full stop; '' for an action of one step. */
export function faultWords(action: Action): string {
  switch (action.do) {
    case 'pause':
      return `${action.backend} stands still for ${formatUs(action.durationUs)}`;
    case 'stall':
      return `${action.backend} begins nothing for ${formatUs(action.durationUs)}`;
    case 'gc-storm':
      return `${action.backend} stands still for ${formatUs(action.pauseUs)} every ${formatUs(action.everyUs)}`;
    case 'flap':
      return `${action.backend} crashes and comes back, ${action.times} times`;
    case 'error-burst':
      return `${action.backend} answers with errors for ${formatUs(action.durationUs)}`;
    case 'lose-zone':
      return `zone ${action.zone} is lost`;
    case 'surge':
      return `${action.client} sends ${action.factor} times as much for ${formatUs(action.durationUs)}`;
    case 'slow-dependency':
      return `${action.dependency} now takes ${action.factor} times as long`;
    case 'lose-control-plane':
      return `the control plane is lost for ${formatUs(action.durationUs)}`;
    case 'deploy':
      return `a ${action.deploy.strategy} deploy begins`;
    case 'partition':
      return action.oneWay
        ? `nothing comes through any more from ${action.between.join(' to ')}`
        : `nothing comes through any more between ${action.between.join(' and ')}`;
    case 'lose-packets':
      return `messages between ${action.between.join(' and ')} begin to be lost`;
    case 'heal':
      return `the network between ${action.between.join(' and ')} works again`;
    default:
      return '';
  }
}

/** The same in the past. */
export function faultPast(action: Action): string {
  switch (action.do) {
    case 'pause':
    case 'gc-storm':
      return `${action.backend} stood still`;
    case 'stall':
      return `${action.backend} stalled`;
    case 'flap':
      return `${action.backend} began to flap`;
    case 'error-burst':
      return `${action.backend} began to fail`;
    case 'lose-zone':
      return `zone ${action.zone} was lost`;
    case 'surge':
      return 'the traffic surged';
    case 'slow-dependency':
      return `${action.dependency} slowed`;
    case 'lose-control-plane':
      return 'the control plane was lost';
    case 'deploy':
      return 'the deploy began';
    case 'partition':
      return `${action.between.join(' and ')} were parted`;
    case 'lose-packets':
      return 'messages began to be lost';
    case 'heal':
      return 'the network was mended';
    default:
      return '';
  }
}
