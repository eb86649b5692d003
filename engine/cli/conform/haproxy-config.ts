import { FAILURE } from '../../index.ts';

/** The words after a directive, the last one of that name; undefined: there is none. */
export function directive(config: string, name: string): string[] | undefined {
  const lines = config.split('\n').map((line) => line.trim());
  const line = lines.findLast((text) => text === name || text.startsWith(`${name} `));
  return line === undefined ? undefined : line.slice(name.length).trim().split(/\s+/).filter(Boolean);
}

/** "800ms", "5s", or milliseconds without a unit. */
export function durationMs(text: string): number {
  const [, number, unit] = /^(\d+)(us|ms|s|m|h)?$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is no duration`);
  return Number(number) * { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? 'ms']!;
}

/** Our picker for its `balance`. */
export function pickerOf(config: string): string {
  const name = directive(config, 'balance')?.[0] ?? 'roundrobin';
  const picker = {
    roundrobin: 'haproxy-round-robin',
    'static-rr': 'haproxy-static-rr',
    leastconn: 'haproxy-least-connections',
    first: 'first',
  }[name];
  if (picker === undefined) throw new Error(`no picker stands for "balance ${name}" here`);
  return picker;
}

/** What HAProxy answers where a request failed: a 503 for a connection it could not make. */
export function statusOf(failure: number): number {
  if (failure === FAILURE.reset) return 502;
  return failure === FAILURE.timeout ? 504 : 503;
}
