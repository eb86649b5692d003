/** Affinity: vectors, and recordings of HAProxy and Caddy replayed through a balancer with cookie jars before it. */
import { Balancer } from '../../balancer/balancer.ts';
import { Clock } from '../../balancer/context.ts';
import { BackendView } from '../../core/backend.ts';
import type { AffinityPolicy, Picker } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { rewrite, RequestView, setTried } from '../../core/request.ts';
import { haproxyRoundRobin } from '../../pickers/haproxy-round-robin.ts';
import { roundRobin } from '../../pickers/round-robin.ts';
import { caddyCookieValue, nginxRouteId, traefikCookieValue } from '../../traffic/cookie-forms.ts';
import { insertedCookie } from '../../traffic/inserted-cookie.ts';
import { preferLast } from '../../traffic/prefer-last.ts';
import { notApplicable, same } from './finding.ts';
import { durationMs } from './haproxy-config.ts';
import type { Finding, Recording, VectorFamily, VectorRow } from './finding.ts';

export const stickinessVectors: VectorFamily['vectors'] = {
  'nginx route id': (row) => same(row.expected, nginxRouteId(String(row.input))),
  'Caddy cookie value': (row) =>
    same(row.expected, caddyCookieValue(String(row.input), (row.params.secret as string | undefined) ?? '')),
  'Traefik cookie value': (row) => same(row.expected, traefikCookieValue(String(row.input))),
  'stickiness versus server state': serverState,
};

export const stickinessRecordings: VectorFamily['recordings'] = [
  { of: /^haproxy: cookie insert/, replay: replayCookieInsert },
  { of: /^haproxy: roundrobin \+ cookie; runtime API/, replay: replayStates },
  { of: /^haproxy: roundrobin, mode tcp \(layer 4\)/, replay: replayTcp },
  { of: /^haproxy: roundrobin, option prefer-last-server/, replay: replayPreferLast },
  { of: /^caddy: cookie/, replay: replayCaddy },
];

interface Answer {
  readonly pick: string;
  readonly backend: number;
  /** The value of the cookie it sets. */
  readonly cookie: string | null;
}

/** A pool of some backends behind one balancer, asked one request after another. */
class Desk {
  readonly balancer: Balancer;
  private readonly views: readonly BackendView[];
  private requests = 0;

  constructor(
    backends: readonly { readonly name: string; readonly address: string; readonly weight?: number }[],
    picker: Picker,
    affinity: AffinityPolicy,
    layer: 4 | 7 = 7,
  ) {
    const pools = new Map([['pool', { picker, affinity }]]);
    const settings = { layer, poolIds: ['pool'] };
    this.balancer = new Balancer(settings, { pools }, new Clock(), new Prng(1), () => undefined);
    this.views = backends.map(
      ({ name, address, weight = 1 }, slot) => new BackendView(slot, name, 'a', weight, { address }),
    );
    for (const view of this.views) this.balancer.join(0, view);
  }

  indexOf(name: string): number {
    return this.views.findIndex(({ id }) => id === name);
  }

  /** `cookie` as in the header. `tried`: whom earlier attempts of the same request went to. */
  ask(cookie: string | null, tried: readonly number[] = [], connection?: number): Answer {
    this.requests++;
    const request = new RequestView(this.requests, connection ?? this.requests, TEMPLATE);
    if (cookie !== null) rewrite(request, { headers: { cookie } });
    if (tried.length > 0)
      setTried(
        request,
        tried.map((backend) => this.views[backend]!),
      );
    const backend = this.balancer.choose(request, connection !== undefined);
    if (backend < 0) return { pick: 'STATUS_503', backend, cookie: null };
    const set = this.balancer.cookieFor(backend, request);
    return {
      pick: this.views[backend]!.id,
      backend,
      cookie: set === undefined ? null : set.slice(set.indexOf('=') + 1).split(';')[0]!,
    };
  }
}

const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };
const NAME = 'SERVERID';

function serverState(row: VectorRow): Finding {
  const { target_up: up, request_cookie: sent } = row.input as { target_up: boolean | string; request_cookie: string };
  const backends = ['s1', 's2', 's3'].map((name, index) => ({ name, address: `10.0.0.${index + 1}:80` }));
  const desk = new Desk(backends, roundRobin(), insertedCookie({ cookie: NAME }));
  if (up === 'draining') desk.balancer.setDraining(0, true);
  else if (up !== true) desk.balancer.setDisabled(0, true);
  const answers = [0, 1, 2, 3].map(() => desk.ask(sent === 'match' ? `${NAME}=s1` : null));
  const toTarget = answers.filter(({ backend }) => backend === 0).length;
  const rewritten = answers.every(({ cookie, pick }) => cookie === pick);
  if (sent === 'match' && toTarget === 4) return same(row.expected, 'the sticky target');
  if (sent === 'match' && toTarget === 0 && rewritten) return same(row.expected, 'normal pick, cookie rewritten');
  if (toTarget === 0 && up !== true) return same(row.expected, 'never picked');
  return same(row.expected, rewritten ? 'normal pick, cookie set' : 'normal pick');
}

interface Sent {
  readonly t_ms: number;
  readonly phase: string;
  readonly sent_cookie: string | null;
  readonly set_cookie: string | null;
  readonly ms: number;
}

/**
 * Which server is stopped is told by the phases. It is marked DOWN after fall - 1 check intervals and what is left of the one under way, so after `fall` intervals at
 * the latest; a request that waited longer than that for its next try meets it DOWN then.
 */
function replayCookieInsert({ requests, picks, backends, config }: Recording): Finding {
  const named = cookiesIn(config);
  const valueOf = (pick: string | null): string | null => named.find(({ name }) => name === pick)?.value ?? null;
  const nameOf = (value: string | null): string => named.find((one) => one.value === value)?.name ?? String(value);
  const redispatches = /^\s*option redispatch/m.test(config);
  const interMs = durationMs(/\sinter (\w+)/.exec(config)?.[1] ?? '2s');
  const detectedAfterMs = interMs * Number(/\sfall (\d+)/.exec(config)?.[1] ?? 3);
  const desk = new Desk(backends, haproxyRoundRobin(), insertedCookie({ cookie: NAME, insist: !redispatches }));
  let stoppedAtMs = Infinity;
  const got = (requests as unknown as Sent[]).map(({ t_ms, phase, sent_cookie, ms }) => {
    const stopped = desk.indexOf(/^(\S+) stopped/.exec(phase)?.[1] ?? '');
    const back = desk.indexOf(/^(\S+) back UP/.exec(phase)?.[1] ?? '');
    const marked = desk.indexOf(/^(\S+) marked DOWN/.exec(phase)?.[1] ?? '');
    if (stopped >= 0 && stoppedAtMs === Infinity) stoppedAtMs = t_ms;
    if (marked >= 0 || (stopped >= 0 && t_ms - stoppedAtMs > detectedAfterMs))
      desk.balancer.setDisabled(Math.max(marked, stopped), true);
    if (back >= 0) desk.balancer.setDisabled(back, false);
    return attempt(sent_cookie, stopped, ms);
  });

  function attempt(sent: string | null, stopped: number, ms: number): { pick: string; set: string | null } {
    const cookie = sent === null ? null : `${NAME}=${nameOf(sent)}`;
    const first = desk.ask(cookie);
    if (first.backend !== stopped) return { pick: first.pick, set: valueOf(first.cookie) };
    if (!redispatches) return { pick: 'STATUS_503', set: null };
    // It was marked DOWN while this request waited for its next try, if that took as long.
    if (ms > detectedAfterMs) desk.balancer.setDisabled(stopped, true);
    const second = desk.ask(cookie, [stopped]);
    return { pick: second.pick, set: valueOf(second.cookie) };
  }

  const expected = (requests as unknown as Sent[]).map(({ set_cookie: set }, index) => ({ pick: picks[index], set }));
  return same(expected, got);
}

/** Each server's name and the value that its cookie has. */
function cookiesIn(config: string): readonly { readonly name: string; readonly value: string }[] {
  return [...config.matchAll(/^\s*server (\S+) .*?\bcookie (\S+)/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));
}

/** Drain, maint and ready by the recorded commands; a request held open before a command is answered by its server, or by 502 when its sessions are shut down. */
function replayStates({ requests, picks, backends, config, runtime_commands: commands }: Recording): Finding {
  const desk = new Desk(backends, haproxyRoundRobin(), insertedCookie({ cookie: NAME }));
  const states = (commands as { cmd: string }[])
    .map(({ cmd }) => /server \S+\/(\S+) state (\S+)/.exec(cmd))
    .filter((state) => state !== null);
  const held = new Map<unknown, string>();
  let now = 'ready';
  const got = requests.map(({ phase, id, error }) => {
    const text = String(phase);
    const wanted = /^(drain|maint|ready again)/.exec(text)?.[1]?.split(' ')[0] ?? now;
    if (wanted !== now) {
      now = wanted;
      const server = desk.indexOf(states.find(([, , state]) => state === now)![1]!);
      desk.balancer.setDraining(server, now === 'drain');
      desk.balancer.setDisabled(server, now === 'maint');
    }
    if (held.has(id)) return error === undefined ? held.get(id) : 'STATUS_502';
    const bound = cookiesIn(config).find(({ value }) => text.split(/\s+/).includes(value))?.name;
    const { pick } = desk.ask(bound === undefined ? null : `${NAME}=${bound}`);
    if (id !== undefined) held.set(id, pick);
    return pick;
  });
  return same(picks, got);
}

function replayPreferLast({ requests, picks, backends, config }: Recording): Finding {
  // With shared connections to servers no connection is the client's last: the option has nothing to prefer.
  const prefers = /http-reuse never/.test(config);
  const desk = new Desk(backends, haproxyRoundRobin(), prefers ? preferLast() : NO_AFFINITY);
  const got = requests.map(({ phase }) => {
    const drained = desk.indexOf(/after drain of (\S+)/.exec(String(phase))?.[1] ?? '');
    if (drained >= 0) desk.balancer.setDraining(drained, true);
    return desk.ask(null, [], 1).pick;
  });
  return same(picks, got);
}

/** A request of a named connection comes on that; the others on one of their own each. */
function replayTcp({ requests, picks, backends }: Recording): Finding {
  const desk = new Desk(backends, haproxyRoundRobin(), NO_AFFINITY, 4);
  const connections: string[] = [];
  const got = requests.map(({ phase }) => {
    const [, order, name] = /after (drain|maint|ready) of (\S+?):/.exec(String(phase)) ?? [];
    const server = name === undefined ? -1 : desk.indexOf(name);
    if (server >= 0) {
      desk.balancer.setDraining(server, order === 'drain');
      desk.balancer.setDisabled(server, order === 'maint');
    }
    const connection = /\bconnection ([A-Z])\b/.exec(String(phase))?.[1];
    if (connection === undefined) return desk.ask(null).pick;
    if (!connections.includes(connection)) connections.push(connection);
    // Numbers that no connection of a single request has.
    return desk.ask(null, [], -1 - connections.indexOf(connection)).pick;
  });
  return same(picks, got);
}

const NO_AFFINITY: AffinityPolicy = { find: () => undefined, remember: () => undefined };

/** Caddy draws the first backend at random, so that one is taken from the recording; what follows from its cookie is not. */
function replayCaddy({ requests, picks, backends, config }: Recording): Finding {
  const [, name = 'lb', secret = ''] = /lb_policy cookie (\S+)(?: (\S+))?$/m.exec(config) ?? [];
  const first = { pick: (list: readonly BackendView[]) => list.find(({ id }) => id === picks[0]) } as Picker;
  const desk = new Desk(backends, first, insertedCookie({ cookie: name, form: 'caddy', secret, insist: true }));
  if (typeof picks === 'string') return notApplicable('it tells digits and no names');
  const got = requests.map(({ sent, phase, set_cookie: set }) => {
    const { pick, cookie } = desk.ask(sent as string | null);
    const stopped = /stopped/.test(String(phase));
    const expectedTail = typeof set === 'string' ? set.slice(set.indexOf('; ')) : '';
    return {
      pick: stopped ? 'STATUS_502' : pick,
      set: cookie === null || stopped ? null : `${name}=${cookie}${expectedTail}`,
    };
  });
  return same(
    requests.map(({ set_cookie: set }, index) => ({ pick: picks[index], set })),
    got,
  );
}
