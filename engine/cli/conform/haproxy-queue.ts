import { EVENT_KIND, policiesFor, Simulation } from '../../index.ts';
import type { Policies, ScenarioInput } from '../../index.ts';
import { parseScenario } from '../../parse.ts';
import { insertedCookie } from '../../traffic/inserted-cookie.ts';
import { same } from './finding.ts';
import type { Finding, Recording } from './finding.ts';
import { directive, durationMs, pickerOf, statusOf } from './haproxy-config.ts';

type Client = ScenarioInput['clients'][number];
type Action = NonNullable<ScenarioInput['timeline']>[number];

interface Held {
  readonly id: string;
  readonly cookie?: string;
  readonly ms?: number;
  readonly status?: number;
  readonly immediate?: string;
}

interface Logged {
  readonly id: string;
  readonly event: string;
  readonly t_ms: number;
}

/**
 * The script holds requests at their backends and lets them go one by one. When it did is an input: from the log, or else from how long each took. Compared is
 * who answered, who had to wait, and in which order the requests reached their backends.
 */
export function replayQueue(recording: Recording): Finding {
  const { config } = recording;
  const requests = recording.requests as unknown as readonly Held[];
  const log = recording.log as readonly Logged[] | undefined;
  const times = log === undefined ? timesOf(requests) : loggedTimes(requests, log);
  const backends = recording.backends as unknown as readonly {
    name: string;
    weight: number;
    maxconn?: number;
    maxqueue?: number;
  }[];
  const cookie = directive(config, 'cookie')?.[0];
  const scenario = parseScenario(
    {
      name: 'recorded',
      title: 'Recorded',
      shows: 'A recording, sent again.',
      durationUs: 60_000_000,
      clients: requests.map((request, at) => clientOf(request, times[at]!.startUs, cookie)),
      pools: [
        {
          picker: { name: pickerOf(config) },
          queue: {
            timeoutUs: durationMs(directive(config, 'timeout queue')?.[0] ?? '5s') * 1000,
            ...limitOf(backends),
          },
          backends: backends.map(({ name, weight, maxconn }) => ({
            id: name,
            weight,
            workers: 1000,
            ...(maxconn !== undefined && maxconn > 0 && { maxConnections: maxconn }),
            service: {
              default: { kind: 'constant', valueUs: 0 },
              ...Object.fromEntries(
                requests.map(({ id }, at) => [id, { kind: 'constant', valueUs: times[at]!.heldUs }]),
              ),
            },
          })),
        },
      ],
      timeline: requests.map(({ id }, at): Action => ({
        do: 'set-rate',
        atUs: times[at]!.startUs,
        client: id,
        rateRps: 0,
      })),
    },
    'the recording',
  );
  const simulation = new Simulation(scenario, withCookie(policiesFor(scenario), cookie));
  simulation.runToEnd();
  return compare(recording, requests, simulation);
}

/** The servers' cookies are called "ck-" and their name; ours bear the name. */
function clientOf({ id, cookie }: Held, startUs: number, name: string | undefined): Client {
  const headers = cookie === undefined || name === undefined ? {} : { cookie: `${name}=${cookie.replace(/^ck-/, '')}` };
  return { id, arrivals: { kind: 'constant', rateRps: 1_000_000 / startUs }, requests: [{ name: id, headers }] };
}

function withCookie(policies: Policies, cookie: string | undefined): Policies {
  if (cookie === undefined) return policies;
  const pools = [...policies.pools].map(
    ([id, pool]) => [id, { ...pool, affinity: insertedCookie({ cookie }) }] as const,
  );
  return { ...policies, pools: new Map(pools) };
}

function limitOf(backends: readonly { maxqueue?: number }[]): { limitPerBackend?: number } {
  const [first] = backends;
  if (backends.some(({ maxqueue }) => maxqueue !== first!.maxqueue)) throw new Error('servers differ in maxqueue');
  return first?.maxqueue ? { limitPerBackend: first.maxqueue } : {};
}

interface Times {
  readonly startUs: number;
  readonly heldUs: number;
}

function loggedTimes(requests: readonly Held[], log: readonly Logged[]): Times[] {
  const at = (id: string, event: string) => log.find((line) => line.id === id && line.event === event)?.t_ms;
  return requests.map(({ id }, order) => {
    const reached = at(id, 'reached backend');
    const released = at(id, 'released');
    return {
      // The order within a millisecond is that of the list.
      startUs: at(id, 'started')! * 1000 + order + 1,
      heldUs: reached === undefined || released === undefined ? 60_000_000 : (released - reached) * 1000,
    };
  });
}

/**
 * Without a log: all were started before the first was let go, and then they were let go every 60 ms. Where requests ran out of time in the queue nobody was let go
 * meanwhile, so they started close together.
 */
function timesOf(requests: readonly Held[]): Times[] {
  const held = requests.filter(({ immediate }) => immediate !== 'PENDING').map(({ ms = 0 }) => ms);
  const ranOut = requests.some(({ status }) => status !== 200);
  const apartUs = ranOut ? 1000 : Math.floor((Math.min(...held) * 1000) / Math.max(1, requests.length - 1));
  return requests.map(({ ms = 0, immediate }, order) => ({
    startUs: (order + 1) * apartUs,
    heldUs: immediate === 'PENDING' ? 60_000 : ms * 1000,
  }));
}

function compare(recording: Recording, requests: readonly Held[], simulation: Simulation): Finding {
  const { trace, scenario } = simulation;
  const ids = scenario.pools[0]!.backends.map(({ id }) => id);
  const senders = new Map<number, number>();
  const picks = requests.map(() => 'none');
  const immediate = requests.map(() => 'PENDING');
  const order: string[] = [];
  const waited = new Set<number>();
  for (let row = 0; row < trace.length; row++) {
    const { kind, request, backend, value } = trace.at(row);
    if (kind === EVENT_KIND.arrived) senders.set(request, value);
    const sender = senders.get(request);
    if (sender === undefined) continue;
    if (kind === EVENT_KIND.pending) waited.add(request);
    if (kind === EVENT_KIND.picked) {
      picks[sender] = ids[backend]!;
      if (!waited.has(request)) immediate[sender] = ids[backend]!;
      order.push(requests[sender]!.id);
    }
    if (kind === EVENT_KIND.failed) picks[sender] = `STATUS_${statusOf(value)}`;
  }
  const recordedOrder = recording.order_of_reaching_a_backend;
  const knowsImmediate = requests.every((request) => request.immediate !== undefined);
  return same(
    {
      picks: recording.picks,
      ...(knowsImmediate && { immediate: requests.map((request) => request.immediate) }),
      ...(recordedOrder !== undefined && { order: recordedOrder }),
    },
    { picks, ...(knowsImmediate && { immediate }), ...(recordedOrder !== undefined && { order }) },
  );
}
