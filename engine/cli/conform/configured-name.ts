import type { Recording } from './finding.ts';
import { directive } from './haproxy-config.ts';

/**
 * What a recording would be called by its configuration alone: for one whose own words name no reader. undefined: its configuration holds what
 * a plain rotation, choice or hash would not be told of (layer 4, checks, cookies, limits), or is not of a balancer known here.
 */
export function configuredName({ balancer, config }: Recording): string | undefined {
  if (typeof config !== 'string') return undefined;
  const method = METHODS.find(([of]) => of.test(balancer))?.[1](config);
  return method === undefined ? undefined : `${balancer}: ${method}`;
}

const METHODS: readonly (readonly [of: RegExp, method: (config: string) => string | undefined])[] = [
  [/^haproxy$/, ofHaproxy],
  [/^nginx$/, ofNginx],
  [/^caddy$/, ofCaddy],
  [/^apache/, (config) => `lbmethod=${/\blbmethod=(\w+)/.exec(config)?.[1] ?? 'byrequests'}`],
];

function ofHaproxy(config: string): string | undefined {
  if (/^\s*(mode tcp|stick|cookie|http-request (deny|track))|^\s*server .*\s(check|agent-check)\b/m.test(config))
    return undefined;
  const balance = ['balance', ...(directive(config, 'balance') ?? ['roundrobin'])].join(' ');
  const hash = directive(config, 'hash-type')?.join(' ');
  return hash === undefined ? balance : `${balance} / hash-type ${hash}`;
}

function ofNginx(config: string): string | undefined {
  if (/^\s*limit_(req|conn) /m.test(config)) return undefined;
  const upstream = /upstream \S+ \{([^}]*)\}/.exec(config)?.[1];
  if (upstream === undefined) return undefined;
  const method = /^\s*(least_conn|ip_hash|(?:hash|random)[^;]*);/m.exec(upstream)?.[1];
  if (method !== undefined) return method;
  const workers = Number(/^\s*worker_processes (\d+);/m.exec(config)?.[1] ?? 1);
  if (workers > 1) return `round robin with worker_processes ${workers}`;
  if (/\bmax_conns=/.test(upstream)) return 'smooth weighted round robin with max_conns';
  return /\b(max_fails|fail_timeout)=|\bbackup\b/.test(upstream)
    ? 'smooth weighted round robin + passive failure handling'
    : 'smooth weighted round robin';
}

function ofCaddy(config: string): string {
  const [name = 'random', ...rest] = /^\s*lb_policy (.+?)\s*$/m.exec(config)?.[1]?.split(/\s+/) ?? [];
  const hashes = ['ip_hash', 'client_ip_hash', 'uri_hash', 'header'].includes(name);
  return [name, ...rest, ...(hashes ? ['(hash)'] : [])].join(' ');
}
