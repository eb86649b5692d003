import { haproxySixteenths } from '../../balancer/slow-start.ts';
import type { Picker } from '../../core/policy.ts';
import { caddyRoundRobin } from '../../pickers/caddy-round-robin.ts';
import { haproxyRoundRobin } from '../../pickers/haproxy-round-robin.ts';
import { haproxyStaticRr } from '../../pickers/haproxy-static-rr.ts';
import { nginxRoundRobin } from '../../pickers/nginx-round-robin.ts';
import { smoothWeightedRoundRobin } from '../../pickers/smooth-weighted-round-robin.ts';
import { durationMs } from './haproxy-config.ts';
import { notApplicable, same } from './finding.ts';
import { nginxFailures } from './nginx-failures.ts';
import type { Finding, Recording, VectorFamily } from './finding.ts';
import { Rehearsal } from './rehearsal.ts';

type Server = Recording['backends'][number] & {
  readonly down?: boolean;
  readonly backup?: boolean;
  readonly max_conns?: number;
};

export const rotationRecordings: NonNullable<VectorFamily['recordings']> = [
  { of: /^nginx: smooth weighted round robin with max_conns/, replay: heldRequests },
  {
    of: /^nginx: smooth weighted round robin( \+ passive|; every server fails|; hanging|, .* backup)/,
    replay: nginxFailures,
  },
  { of: /^nginx: round robin with worker_processes \d+/, replay: workers },
  {
    of: /^nginx: smooth weighted round robin( \(default\)| with .*marked down)?$/,
    replay: sequence(nginxRoundRobin),
  },
  { of: /^apache httpd mod_proxy_balancer: lbmethod=byrequests$/, replay: sequence(smoothWeightedRoundRobin) },
  { of: /^caddy: round_robin( |$)/, replay: sequence(caddyRoundRobin) },
  { of: /^haproxy: balance static-rr( |$)/, replay: sequence(haproxyStaticRr) },
  { of: /^haproxy: balance roundrobin with(out)? slowstart/, replay: slowStart },
  { of: /^haproxy: roundrobin, option prefer-last-server/, replay: sequence(haproxyRoundRobin) },
  { of: /^haproxy: balance roundrobin(,| |$)/, replay: sequence(haproxyRoundRobin) },
];

/** Requests one after another, while an operator disables, enables, drains and weighs servers. */
function sequence(make: () => Picker): (recording: Recording) => Finding {
  return (recording) => {
    if (typeof recording.picks === 'string') return underLoad(make, recording);
    const stage = new Stage(make, recording);
    const picks = recording.requests.map((_, at) => {
      stage.obey(recording, at);
      return stage.pick();
    });
    return same(recording.picks, picks);
  };
}

/** The pool of a recording: the servers in use and, behind them, the backup servers with a rotation of their own. */
class Stage {
  readonly #names: readonly string[];
  readonly #tiers: readonly { readonly slots: readonly number[]; readonly pool: Rehearsal }[];
  readonly #initial: readonly number[];
  readonly #outByHand: Set<number>;
  readonly #outByWeight = new Set<number>();
  readonly #allBackups: boolean;
  readonly #sticks: boolean;
  #phase: unknown;
  #last: string | undefined;

  constructor(make: () => Picker, { backends, config, requests, runtime_commands: runtimeCommands }: Recording) {
    const servers = backends as readonly Server[];
    this.#names = servers.map(({ name }) => name);
    this.#initial = servers.map(({ weight }) => weight);
    this.#tiers = [false, true].map((backup) => {
      const slots = servers.flatMap((server, slot) => ((server.backup ?? false) === backup ? [slot] : []));
      const configured = slots.map((slot) => ({ id: servers[slot]!.name, weight: servers[slot]!.weight }));
      return { slots, pool: new Rehearsal(make(), configured) };
    });
    this.#allBackups = /^\s*option allbackups/m.test(config) || !/^\s*balance/m.test(config);
    // HAProxy keeps a client on the server of its connection only if the connection is that client's own.
    this.#sticks = /option prefer-last-server/.test(config) && /http-reuse never/.test(config);
    this.#outByHand = new Set(
      servers.flatMap(({ name, down }, slot) =>
        down === true || new RegExp(`server ${name} .*\\bdisabled\\b`).test(config) ? [slot] : [],
      ),
    );
    this.#phase = requests[0]?.phase;
    if (runtimeCommands === undefined) this.#byPhase();
    this.#tell();
  }

  /** What the operator did before the request at this place. */
  obey({ requests, runtime_commands: commands }: Recording, at: number): void {
    for (const { before_request: before, cmd } of (commands ?? []) as { before_request: number; cmd: string }[]) {
      if (before !== requests[at]!.n) continue;
      const [, name, weight, percent] = /^set weight \w+\/(\w+) (\d+)(%?)$/.exec(cmd) ?? [];
      if (name !== undefined) this.#weigh(this.#names.indexOf(name), Number(weight), percent === '%');
    }
    if (commands !== undefined || requests[at]!.phase === this.#phase) return;
    this.#phase = requests[at]!.phase;
    this.#byPhase();
    this.#tell();
  }

  pick(): string {
    const tier = this.#tiers.find(({ pool }) => pool.eligible.length > 0);
    if (tier === undefined) return 'STATUS_503';
    if (this.#sticks && tier.pool.eligible.some(({ id }) => id === this.#last)) return this.#last!;
    const [slot] = tier.pool.picks(1);
    this.#last = slot === null || slot === undefined ? 'STATUS_503' : this.#names[tier.slots[slot]!]!;
    return this.#last;
  }

  /** "s1,s2 disabled", "s2 enabled at runtime", "after drain of s3": a list of those disabled is a whole one, an enabled one comes back. */
  #byPhase(): void {
    const phase = typeof this.#phase === 'string' ? this.#phase : '';
    const named = this.#names.flatMap((name, slot) => (new RegExp(`\\b${name}\\b`).test(phase) ? [slot] : []));
    if (/^all disabled/.test(phase)) this.#names.forEach((_, slot) => this.#outByHand.add(slot));
    else if (/^all (up|enabled)/.test(phase)) this.#outByHand.clear();
    else if (/enabled/.test(phase)) for (const slot of named) this.#outByHand.delete(slot);
    else if (/disabled|drain/.test(phase)) for (const slot of named) this.#outByHand.add(slot);
  }

  #weigh(slot: number, value: number, isPercent: boolean): void {
    const weight = isPercent ? Math.floor((this.#initial[slot]! * value) / 100) : value;
    if (weight === 0) this.#outByWeight.add(slot);
    else {
      this.#outByWeight.delete(slot);
      const tier = this.#tiers.find(({ slots }) => slots.includes(slot))!;
      tier.pool.weigh(tier.slots.indexOf(slot), weight);
    }
    this.#tell();
  }

  #tell(): void {
    const isOut = (slot: number) => this.#outByHand.has(slot) || this.#outByWeight.has(slot);
    this.#tiers.forEach(({ slots, pool }, tier) => {
      const firstIn = slots.findIndex((slot) => !isOut(slot));
      slots.forEach((slot, place) => {
        const onlyFirst = tier === 1 && !this.#allBackups && place !== firstIn;
        pool.out([place], isOut(slot) || onlyFirst);
      });
      pool.tell();
    });
  }
}

/**
 * Thousands of requests from many clients at once. Which of those open together came to the balancer first is not recorded, so each server's count may
 * differ from the replay's by as many as there are clients at any moment, and not at all at the end.
 */
function underLoad(make: () => Picker, recording: Recording): Finding {
  const { count, concurrency } = recording.requests as unknown as { count: number; concurrency: number };
  const pool = new Rehearsal(
    make(),
    recording.backends.map(({ name, weight }) => ({ id: name, weight })),
  ).tell();
  const ours = pool.picks(count).map((slot) => slot ?? -1);
  const theirs = Array.from(recording.picks as string, (digit) => Number(digit) - 1);
  const ahead = new Array<number>(recording.backends.length).fill(0);
  for (let n = 0; n < theirs.length; n += 1) {
    ahead[theirs[n]!]! += 1;
    ahead[ours[n]!]! -= 1;
    if (ahead.some((difference) => Math.abs(difference) > concurrency)) {
      return {
        is: 'differing',
        where: `the counts after ${n + 1}`,
        expected: `within ${concurrency}`,
        got: [...ahead],
      };
    }
  }
  return same(
    ahead.map(() => 0),
    ahead,
  );
}

/** Requests that are held open and ended by a script. */
function heldRequests(recording: Recording): Finding {
  const servers = recording.backends as readonly Server[];
  const pool = new Rehearsal(
    nginxRoundRobin(),
    servers.map(({ name, weight, max_conns: most }) => ({
      id: name,
      weight,
      ...(most !== undefined && most > 0 && { maxConnections: most }),
    })),
  ).tell();
  const slots = new Map<string, number>();
  const picks: string[] = [];
  for (const [what, id] of recording.events as readonly (readonly [string, string])[]) {
    if (what === 'start') {
      const slot = pool.pick();
      picks.push(slot === null ? 'STATUS_502' : servers[slot]!.name);
      if (slot === null) continue;
      pool.start(slot);
      slots.set(id, slot);
    } else if (slots.has(id)) {
      pool.end(slots.get(id)!);
      slots.delete(id);
    }
  }
  return same(recording.picks, picks);
}

/**
 * Worker processes with a rotation each, unless a zone has them share one. Which worker the kernel gave a connection is not recorded: the picks must be
 * some interleaving of as many rotations.
 */
function workers(recording: Recording): Finding {
  const { backends, config, algorithm, picks } = recording;
  const count = /^\s*zone /m.test(config) ? 1 : Number(/worker_processes (\d+)/.exec(algorithm)![1]);
  if (count > 2) return notApplicable('more than two rotations, interleaved in an unknown way, say too little');
  const weights = backends.map(({ weight }) => weight);
  const rotation = Rehearsal.ofWeights(nginxRoundRobin(), weights)
    .tell()
    .picks(picks.length)
    .map((slot) => backends[slot!]!.name);
  if (count === 1) return same(picks, rotation);
  // How far the first worker may be; the second has had the other picks.
  let reached = new Set([0]);
  for (let n = 0; n < picks.length; n += 1) {
    const after = new Set<number>();
    for (const first of reached) {
      if (rotation[first] === picks[n]) after.add(first + 1);
      if (rotation[n - first] === picks[n]) after.add(first);
    }
    if (after.size === 0)
      return { is: 'differing', where: `pick ${n + 1}`, expected: picks[n], got: 'neither rotation has it' };
    reached = after;
  }
  return { is: 'matched' };
}

const WINDOW_MS = 500;
/** How late a timer of that machine was at most: gaps of 200 ms measured up to 228 (recorded/README.md). */
const LATE_MS = 28;

/**
 * One server comes back with slowstart, while requests go on. The weights it reported must be those of the second they were asked in, or, shortly
 * after a step, of the one before; and in every half second its count that of the replay, within one for where the rotation stood at the start, one for where
 * it stands at the end, and what a late step makes.
 */
function slowStart(recording: Recording): Finding {
  const { backends, config, requests, picks } = recording;
  const slow = /\bslowstart (\w+)/.exec(config)?.[1];
  const window = slow === undefined ? 0 : durationMs(slow) / 1000;
  const full = backends[0]!.weight;
  const weightAt = (ms: number) => (full * haproxySixteenths(Math.floor(Math.max(0, ms) / 1000), window)) / 16;
  // A timer that is late starts the next one late.
  const lateBy = (ms: number) => LATE_MS * (1 + Math.floor(ms / 1000));

  const samples = (recording.runtime_weight_and_throttle_of_s1 ?? []) as readonly { t_ms: number; weight: number }[];
  for (const { t_ms: ms, weight } of samples) {
    const possible = [weightAt(ms), weightAt(ms - lateBy(ms))].map(Math.ceil);
    if (!possible.includes(weight))
      return { is: 'differing', where: `the weight at ${ms} ms`, expected: weight, got: possible };
  }

  const pool = new Rehearsal(
    haproxyRoundRobin(),
    backends.map(({ name, weight }) => ({ id: name, weight })),
  );
  const started = (recording.picks_right_after_process_start ?? []) as readonly string[];
  const fresh = pool.tell().picks(started.length);
  const start = same(
    started,
    fresh.map((slot) => backends[slot!]!.name),
  );
  if (start.is !== 'matched') return start;
  pool.out([0]).tell().picks(1);
  pool.weigh(0, weightAt(0)).out([0], false).tell();

  const windows = new Map<number, { theirs: number; ours: number; sent: number }>();
  requests.forEach((request, at) => {
    const ms = Number(request.t_ms);
    pool.weigh(0, weightAt(ms)).tell();
    const from = WINDOW_MS * Math.floor(ms / WINDOW_MS);
    const counts = windows.get(from) ?? { theirs: 0, ours: 0, sent: 0 };
    windows.set(from, counts);
    counts.sent += 1;
    if (picks[at] === backends[0]!.name) counts.theirs += 1;
    if (pool.picks(1)[0] === 0) counts.ours += 1;
  });
  for (const [from, { theirs, ours, sent }] of windows) {
    const share = (ms: number) => weightAt(ms) / (weightAt(ms) + full);
    const late = (share(from) - share(from - lateBy(from))) * sent * Math.min(1, lateBy(from) / WINDOW_MS);
    if (Math.abs(theirs - ours) > 2 + late) {
      return { is: 'differing', where: `requests to the first from ${from} ms`, expected: theirs, got: ours };
    }
  }
  return { is: 'matched' };
}
