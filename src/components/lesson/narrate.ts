import { type Action, BELIEVED, EVENT, EVENT_KIND, FAILURE } from '../../../engine/index.ts';
import { formatCount, formatRate, formatUs } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import { faultPast, faultWords } from './fault-words.ts';
import type { Sign } from './states.ts';
import { BELIEF_SIGNS, SIGNS } from './states.ts';

/** One row of the event table: the figure in words. */
export interface Row {
  readonly atUs: number;
  readonly sign: Sign;
  readonly text: string;
  /** Requests in flight at that backend, where the event is a pick. */
  readonly inFlight: number | undefined;
}

/** The kinds a figure tells and steps through. Arrivals and starts of work repeat what a pick and a response say. */
export const NARRATED: readonly number[] = [
  EVENT_KIND.picked,
  EVENT_KIND.queued,
  EVENT_KIND.served,
  EVENT_KIND.failed,
  EVENT_KIND.probed,
  EVENT_KIND.health,
  EVENT_KIND.action,
  EVENT_KIND.role,
  EVENT_KIND.address,
];

/** In the place of a backend, where there is none. */
const NOBODY = 'the balancer';

/** Words for `EVENT` columns. `timeline` is what events of the kind `action` point into. */
export function narrate(events: ArrayLike<number>, cast: Cast, timeline: readonly Action[]): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < events.length; at += EVENT.stride) {
    const kind = events[at + EVENT.kind]!;
    if (!NARRATED.includes(kind)) continue;
    const event = {
      kind,
      request: formatCount(events[at + EVENT.request]!),
      backend: cast.backends[events[at + EVENT.backend]!]?.id ?? NOBODY,
      value: events[at + EVENT.value]!,
      node: cast.nodes[events[at + EVENT.node]!]?.id ?? 'a balancer',
    };
    rows.push({
      atUs: events[at + EVENT.atUs]!,
      ...tell(event, timeline),
      inFlight: kind === EVENT_KIND.picked ? event.value : undefined,
    });
  }
  return rows;
}

interface Event {
  readonly kind: number;
  readonly request: string;
  readonly backend: string;
  readonly value: number;
  /** The balancer of a tier that it is of. */
  readonly node: string;
}

function tell({ kind, request, backend, value, node }: Event, timeline: readonly Action[]): Pick<Row, 'sign' | 'text'> {
  switch (kind) {
    case EVENT_KIND.picked:
      return { sign: SIGNS.inFlight, text: `request ${request} goes to ${backend}` };
    case EVENT_KIND.queued:
      return {
        sign: SIGNS.queued,
        text: `request ${request} is number ${formatCount(value)} in the queue of ${backend}`,
      };
    case EVENT_KIND.served:
      return { sign: SIGNS.served, text: `request ${request} by ${backend} in ${formatUs(value)}` };
    case EVENT_KIND.failed:
      return { sign: SIGNS.failed, text: `request ${request}: ${failureWords(value, backend)}` };
    case EVENT_KIND.probed:
      return value === 1
        ? { sign: SIGNS.passed, text: `health check of ${backend}` }
        : { sign: SIGNS.missed, text: `health check of ${backend}` };
    case EVENT_KIND.health:
      return { sign: BELIEF_SIGNS[value] ?? SIGNS.healthy, text: beliefWords(value, backend) };
    case EVENT_KIND.role:
      return { sign: SIGNS.changed, text: `${node} is ${ROLE_WORDS[value] ?? 'out of the election'}` };
    case EVENT_KIND.address:
      return { sign: SIGNS.changed, text: `${node} announces that it has the address` };
    case EVENT_KIND.nodeJoined:
      return { sign: SIGNS.changed, text: `${node} starts: the autoscaler has ordered it` };
    case EVENT_KIND.nodeLeaves:
      return { sign: SIGNS.changed, text: `${node} stops: the autoscaler takes it out` };
    case EVENT_KIND.broken:
      return { sign: SIGNS.failed, text: `connection ${value} breaks: whoever got its packet knows nothing of it` };
    default: {
      const action = timeline[value];
      return action === undefined
        ? { sign: SIGNS.changed, text: `${backend} changes` }
        : { sign: actionSign(action), text: actionWords(action) };
    }
  }
}

/** By code of the role. */
const ROLE_WORDS: Readonly<Record<number, string>> = { 1: 'starting', 2: 'the backup', 3: 'the master' };

function failureWords(failure: number, backend: string): string {
  switch (failure) {
    case FAILURE.noBackend:
      return '503, no backend could take it';
    case FAILURE.queueFull:
      return `503, the queue of ${backend} was full`;
    case FAILURE.refused:
      return `502, ${backend} refused the connection`;
    case FAILURE.reset:
      return backend === NOBODY ? 'its connection was reset' : `502, ${backend} broke off while serving it`;
    case FAILURE.timeout:
      return `504, ${backend} took too long`;
    case FAILURE.noRoute:
      return '404, no route leads anywhere';
    case FAILURE.error:
      return `${backend} answered with an error`;
    case FAILURE.limited:
      return '429, over a rate limit';
    case FAILURE.replied:
      return 'the balancer answered with an error, as it is told to';
    case FAILURE.waited:
      return '503, it waited too long in the balancer';
    case FAILURE.crowded:
      return "503, the balancer's queue was full";
    case FAILURE.broken:
      return '503, too many requests were under way';
    case FAILURE.unreachable:
      return 'nobody answered at that address';
    case FAILURE.overloaded:
      return 'dropped by a balancer that had more than it can take';
    case FAILURE.noSession:
      return 'the backend does not know its session (401)';
    case FAILURE.shed:
      return "503, shed from the balancer's queue";
    default:
      return `the client gave up waiting for ${backend}`;
  }
}

function beliefWords(belief: number, backend: string): string {
  switch (belief) {
    case BELIEVED.healthy:
      return `${backend} gets requests again`;
    case BELIEVED.unhealthy:
      return `${backend} gets no more requests`;
    case BELIEVED.draining:
      return `${backend} finishes what it has and gets no more`;
    default:
      return `${backend} has left the pool`;
  }
}

function actionSign(action: Action): Sign {
  switch (action.do) {
    case 'crash':
      return SIGNS.crashed;
    case 'hang':
      return SIGNS.hung;
    case 'slow':
      return SIGNS.slow;
    case 'recover':
      return SIGNS.healthy;
    case 'drain':
      return SIGNS.draining;
    default:
      return SIGNS.changed;
  }
}

/** What an action of the timeline does, as a sentence without its full stop. */
export function actionWords(action: Action): string {
  switch (action.do) {
    case 'crash':
      return `${action.backend} crashes`;
    case 'hang':
      return `${action.backend} hangs: it accepts and never answers`;
    case 'slow':
      return `${action.backend} now takes ${action.factor} times as long`;
    case 'fail':
      return action.status === 0
        ? `${action.backend} closes connections without an answer`
        : `${action.backend} answers ${action.status}`;
    case 'recover':
      return `${action.backend} recovers`;
    case 'set-weight':
      return `the weight of ${action.backend} becomes ${action.weight}`;
    case 'drain':
      return `${action.backend} starts to drain`;
    case 'undrain':
      return `${action.backend} stops draining`;
    case 'disable':
      return `${action.backend} is taken out of service`;
    case 'enable':
      return `${action.backend} is put back into service`;
    case 'set-max-connections':
      return `${action.backend} may have ${action.maxConnections ?? 'any number of'} requests at a time`;
    case 'add-backend':
      return `${action.backend.id} joins`;
    case 'remove-backend':
      return `${action.backend} leaves`;
    case 'answer-checks':
      return `${action.backend} now answers health checks with ${action.status}`;
    case 'agent-says':
      return action.reply === null
        ? `the agent of ${action.backend} falls silent`
        : `the agent of ${action.backend} says "${action.reply}"`;
    case 'break-dependency':
      return `${action.dependency} breaks, which some backends depend on`;
    case 'mend-dependency':
      return `${action.dependency} works again`;
    case 'configure':
      return 'the routing is configured anew';
    case 'set-rate':
      return `${action.client} now sends ${formatRate(action.rateRps)}`;
    case 'kill-balancer':
      return `the machine of ${action.balancer} dies`;
    case 'stop-balancer':
      return `${action.balancer} stops in good order`;
    case 'drain-balancer':
      return `${action.balancer} gets no new connections`;
    case 'start-balancer':
      return `${action.balancer} starts`;
    case 'crash-balancer':
      return `the balancer on ${action.balancer} crashes`;
    case 'crash-election':
      return `the election daemon of ${action.balancer} crashes`;
    case 'cut-link':
      return `${action.balancer} no longer hears ${action.from ?? 'anybody'}`;
    case 'mend-link':
      return `${action.balancer} hears ${action.from ?? 'everybody'} again`;
    case 'lose-region':
      return `region ${action.region} is lost, with all that is in it`;
    case 'restore-region':
      return `region ${action.region} is back`;
    case 'drain-region':
      return `nobody new is sent to ${action.region}`;
    case 'undrain-region':
      return `${action.region} is sent new clients again`;
    case 'withdraw-route':
      return `${action.region} withdraws its route`;
    case 'announce-route':
      return `${action.region} announces its route`;
    case 'flap-route':
      return `the route of ${action.region} flaps`;
    default:
      return faultWords(action);
  }
}

/** The same in the past, for "1.2 s after s4 slowed". */
export function actionPast(action: Action): string {
  switch (action.do) {
    case 'kill-balancer':
    case 'crash-balancer':
    case 'crash-election':
      return `${action.balancer} died`;
    case 'stop-balancer':
      return `${action.balancer} stopped`;
    case 'drain-balancer':
      return `${action.balancer} began to drain`;
    case 'start-balancer':
      return `${action.balancer} started`;
    case 'cut-link':
      return `${action.balancer} was cut off`;
    case 'mend-link':
      return `${action.balancer} was linked again`;
    case 'crash':
      return `${action.backend} crashed`;
    case 'hang':
      return `${action.backend} hung`;
    case 'slow':
      return `${action.backend} slowed`;
    case 'fail':
      return `${action.backend} began to fail`;
    case 'recover':
      return `${action.backend} recovered`;
    case 'set-weight':
      return 'the weights changed';
    case 'drain':
      return `${action.backend} began to drain`;
    case 'undrain':
    case 'enable':
      return `${action.backend} came back`;
    case 'disable':
      return `${action.backend} was taken out of service`;
    case 'set-max-connections':
      return 'the limits changed';
    case 'add-backend':
      return `${action.backend.id} joined`;
    case 'remove-backend':
      return `${action.backend} left`;
    case 'answer-checks':
      return `${action.backend} changed its answer to health checks`;
    case 'agent-says':
      return `the agent of ${action.backend} spoke`;
    case 'break-dependency':
      return `${action.dependency} broke`;
    case 'mend-dependency':
      return `${action.dependency} was mended`;
    case 'configure':
      return 'the routing changed';
    case 'set-rate':
      return 'the traffic changed';
    case 'lose-region':
      return `region ${action.region} was lost`;
    case 'restore-region':
      return `region ${action.region} came back`;
    case 'drain-region':
      return `${action.region} began to drain`;
    case 'undrain-region':
      return `${action.region} stopped draining`;
    case 'withdraw-route':
      return `${action.region} withdrew its route`;
    case 'announce-route':
      return `${action.region} announced its route`;
    case 'flap-route':
      return `the route of ${action.region} began to flap`;
    default:
      return faultPast(action);
  }
}
