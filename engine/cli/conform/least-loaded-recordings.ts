import type { Picker, Rng } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { apacheByBusyness } from '../../pickers/apache-by-busyness.ts';
import { caddyLeastConnections } from '../../pickers/caddy-least-connections.ts';
import { DeadlineQueue } from '../../pickers/deadline-queue.ts';
import { first } from '../../pickers/first.ts';
import { haproxyLeastConnections } from '../../pickers/haproxy-least-connections.ts';
import { haproxyRandom } from '../../pickers/haproxy-random.ts';
import { leastConnections } from '../../pickers/least-connections.ts';
import { nginxLeastConnections } from '../../pickers/nginx-least-connections.ts';
import { nginxRandomTwo } from '../../pickers/nginx-random-two.ts';
import { nginxRandom } from '../../pickers/nginx-random.ts';
import { random } from '../../pickers/random.ts';
import { caddyRandomChoose } from '../../pickers/caddy-random-choose.ts';
import { same } from './finding.ts';
import type { Finding, Recording, VectorFamily } from './finding.ts';
import { eventsOf, outcomes, Replay } from './replay.ts';

export const leastLoadedRecordings: NonNullable<VectorFamily['recordings']> = [
  { of: /^nginx: least_conn/, replay: (recording) => exactlyOrUnderLoad(nginxLeastConnections, recording) },
  { of: /^apache.*: lbmethod=bybusyness/, replay: (recording) => exactlyOrUnderLoad(apacheByBusyness, recording) },
  { of: /^haproxy: balance leastconn with weights changed at runtime/, replay: withRuntimeWeights },
  { of: /^haproxy: balance leastconn with(out)? slowstart/, replay: withSlowStart },
  { of: /^haproxy: balance leastconn/, replay: (recording) => exactlyOrUnderLoad(haproxyLeastConnections, recording) },
  {
    of: /^haproxy: balance random(\(\d+\))?( |,|$)/,
    replay: (recording) => drawn(() => haproxyRandom({ draws: drawsOf(recording) }), recording),
  },
  { of: /^(haproxy: balance first|caddy: first)/, replay: (recording) => exactlyOrUnderLoad(first, recording) },
  { of: /^caddy: least_conn/, replay: (recording) => amongPossible(caddyLeastConnections, recording) },
  { of: /^caddy: random( |$)/, replay: (recording) => drawn(random, recording) },
  { of: /^caddy: random_choose/, replay: (recording) => drawn(caddyRandomChoose, recording) },
  { of: /^nginx: random two( |$)/, replay: (recording) => drawn(nginxRandomTwo, recording) },
  { of: /^nginx: random( \(weighted\)| \(default\))?$/, replay: (recording) => drawn(nginxRandom, recording) },
];

function drawsOf({ config }: Recording): number {
  return Number(/random\((\d+)\)/.exec(config)?.[1] ?? 2);
}

function exactlyOrUnderLoad(make: () => Picker, recording: Recording): Finding {
  return typeof recording.picks === 'string' ? underLoad(make, recording) : exactly(make, recording);
}

/** The same picks one by one; and where weights are equal, each is one that the engine's own least connections could have drawn. */
function exactly(make: () => Picker, recording: Recording): Finding {
  const replay = new Replay(make(), recording.backends);
  const got: string[] = [];
  for (const [event, name] of eventsOf(recording)) {
    if (event === 'end') replay.end(name);
    else got.push(replay.start(name).id);
  }
  const exact = same(recording.picks, got);
  const comparable =
    recording.backends.every(({ weight }) => weight === 1) && /least|busyness/.test(recording.algorithm);
  return exact.is === 'matched' && comparable ? amongPossible(leastConnections, recording) : exact;
}

/** Where ties are drawn: each recorded pick is a possible one, with what was under way then. */
function amongPossible(make: () => Picker, recording: Recording): Finding {
  const replay = new Replay(make(), recording.backends);
  let starts = 0;
  for (const [event, name] of eventsOf(recording)) {
    if (event === 'end') {
      replay.end(name);
      continue;
    }
    const possible = outcomes((rng) => {
      replay.ctx.rng = rng;
      return replay.pick();
    });
    const chosen = replay.views.find(({ id }) => id === recording.picks[starts]);
    if (chosen === undefined || !possible.has(chosen)) {
      const ids = [...possible.keys()].map(({ id }) => id);
      return {
        is: 'differing',
        where: `picks[${starts}]`,
        expected: recording.picks[starts],
        got: `one of ${ids.join(', ')}`,
      };
    }
    replay.start(name, chosen);
    starts += 1;
  }
  return { is: 'matched' };
}

interface RuntimeCommand {
  readonly before_request: number;
  readonly cmd: string;
}

function withRuntimeWeights(recording: Recording): Finding {
  const replay = new Replay(haproxyLeastConnections(), recording.backends);
  const commands = recording.runtime_commands as readonly RuntimeCommand[];
  const got = recording.requests.map((_, index) => {
    for (const { cmd } of commands.filter((command) => command.before_request === index + 1)) obey(cmd);
    return replay.sendOne().id;
  });
  return same(recording.picks, got);

  /** "set weight be/s1 50%": a share of the configured weight; without %, a weight. */
  function obey(cmd: string): void {
    const [, name, amount, percent] = /^set weight \S+\/(\S+) (\d+)(%?)$/.exec(cmd) ?? [];
    const slot = recording.backends.findIndex((backend) => backend.name === name);
    if (slot < 0) throw new Error(`cannot read the command "${cmd}"`);
    const configured = recording.backends[slot]!.weight;
    replay.weigh(replay.views[slot]!, percent === '%' ? (configured * Number(amount)) / 100 : Number(amount));
  }
}

const WINDOW_MS = 500;

interface Throttled {
  readonly t_ms: number;
  readonly throttle_pct: number | null;
}

/**
 * The ramp is HAProxy's own, as its status page reported it while the requests ran: it cuts off fractions of sixteenths. Requests are sent at the recorded times and
 * held as long as the summary says. Compared is the share of the ramping server over windows, in requests: those of the recording were held with some jitter and its
 * windows cut the rhythm of the picks at any phase, so one request more or less at each end of a window.
 */
function withSlowStart(recording: Recording): Finding {
  const heldMs = Number(/each held (\d+) ms/.exec(recording.config_summary)?.[1] ?? 0);
  const ramp = (recording.runtime_weight_and_throttle_of_s1 ?? []) as readonly Throttled[];
  const requests = recording.requests as readonly { readonly t_ms: number }[];
  const replay = new Replay(haproxyLeastConnections(), recording.backends);
  const ramping = replay.views[0]!;
  const configured = recording.backends[0]!.weight;

  let step = 0;
  const ends: number[] = [];
  const picks = requests.map(({ t_ms: atMs }, index) => {
    for (; step < ramp.length && ramp[step]!.t_ms <= atMs; step += 1) {
      const sixteenths = Math.ceil(((ramp[step]!.throttle_pct ?? 100) * 16) / 100);
      const weight = (configured * sixteenths) / 16;
      if (weight !== ramping.weight) replay.weigh(ramping, weight);
    }
    for (let open = ends.length; open < index && requests[open]!.t_ms + heldMs <= atMs; open += 1) {
      replay.end(`${open}`);
      ends.push(open);
    }
    return replay.start(`${index}`) === ramping;
  });
  const windows = new Map<number, { theirs: number; ours: number }>();
  for (const [index, ours] of picks.entries()) {
    const fromMs = WINDOW_MS * Math.floor(requests[index]!.t_ms / WINDOW_MS);
    const counts = windows.get(fromMs) ?? { theirs: 0, ours: 0 };
    windows.set(fromMs, counts);
    if (ours) counts.ours += 1;
    if (recording.picks[index] === ramping.id) counts.theirs += 1;
  }
  for (const [fromMs, { theirs, ours }] of windows) {
    if (Math.abs(ours - theirs) > 2) {
      return { is: 'differing', where: `requests to ${ramping.id} from ${fromMs} ms`, expected: theirs, got: ours };
    }
  }
  return { is: 'matched' };
}

type Loaded = Recording & {
  readonly requests: { readonly count: number; readonly concurrency: number };
  readonly latency_ms: { readonly p50: number };
};

const SEEDS = 3;

/**
 * A closed loop of clients: which request ends when was not recorded, so the picks cannot be followed one by one, and where a generator of the balancer's process draws,
 * not even that would help. The same loop runs here, with each request held as long as the backend said, and in other runs longer by what the median request took
 * on top of it in client and balancer; the truth lies between. The counts are to lie in the range of those runs, widened by five standard deviations of a binomial
 * count on either side: a picker that looks at load scatters less.
 */
function underLoad(make: () => Picker, recording: Recording): Finding {
  const loaded = recording as Loaded;
  const { count } = loaded.requests;
  const holds = loaded.backends.map((backend) => (backend as unknown as { hold_ms: number }).hold_ms);
  const overheadMs = Math.max(0, loaded.latency_ms.p50 - Math.min(...holds));
  const runs = [0, overheadMs].flatMap((extraMs) =>
    Array.from({ length: SEEDS }, (_, seed) => closedLoop(make(), loaded, holds, extraMs, new Prng(seed))),
  );
  const digits = (loaded.picks as string).match(/\d/g) ?? [];
  for (const [slot, { name }] of loaded.backends.entries()) {
    const recorded = digits.filter((digit) => digit === `${slot + 1}`).length;
    const counts = runs.map((run) => run[slot]!);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const margin = (mean: number) => 5 * Math.sqrt(mean * (1 - mean / count));
    if (recorded < least - margin(least) || recorded > most + margin(most)) {
      return { is: 'differing', where: `the count of ${name}`, expected: recorded, got: `${least} to ${most}` };
    }
  }
  return { is: 'matched' };
}

/**
 * Where a generator of the balancer's process draws, single picks cannot be compared, but the counts can, as under load: one client, nothing held. A script that holds
 * requests says what was open at each pick: then each must be possible. HAProxy's generator starts the same every time, and its counts follow the arcs of its ring. The
 * recorded ones scatter about them more than chance would (chi-square 22 with 4 degrees of freedom over 10,000 requests, unexplained), but within the five standard deviations.
 */
function drawn(make: () => Picker, recording: Recording): Finding {
  if (typeof recording.picks === 'string') return underLoad(make, recording);
  if (recording.events !== undefined) return amongPossible(make, recording);
  const { picks, backends } = recording;
  const idle: Loaded = {
    ...recording,
    requests: { count: picks.length, concurrency: 1 } as Loaded['requests'],
    backends: backends.map((backend) => ({ ...backend, hold_ms: 0 })),
    picks: picks.map((name) => 1 + backends.findIndex((backend) => backend.name === name)).join(''),
    latency_ms: { p50: 0 },
  };
  return underLoad(make, idle);
}

/** How many requests each backend got. Ends are jittered by a twentieth, so that clients do not march in step. */
function closedLoop(
  picker: Picker,
  { backends, requests: { count, concurrency } }: Loaded,
  holds: readonly number[],
  extraMs: number,
  rng: Rng,
): number[] {
  const replay = new Replay(picker, backends, rng);
  const ends = new DeadlineQueue(concurrency);
  const counts = backends.map(() => 0);
  for (let sent = 0; sent < count; sent += 1) {
    let client = sent;
    if (sent >= concurrency) {
      client = ends.first;
      replay.ctx.nowUs = Math.round(ends.deadlineOf(client));
      replay.end(`${client}`);
    }
    const slot = replay.views.indexOf(replay.start(`${client}`));
    counts[slot]! += 1;
    ends.place(client, replay.ctx.nowUs + (holds[slot]! + extraMs) * 1000 * (0.95 + 0.1 * rng.float()));
  }
  return counts;
}
