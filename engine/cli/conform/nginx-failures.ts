import type { Outcome } from '../../core/policy.ts';
import { nginxRoundRobin } from '../../pickers/nginx-round-robin.ts';
import { same } from './finding.ts';
import type { Finding, Recording } from './finding.ts';
import { Rehearsal } from './rehearsal.ts';

interface Attempted {
  readonly t_ms: number;
  readonly status: number;
  readonly attempts: readonly string[];
  readonly attempt_status?: string;
}

interface Tier {
  readonly names: readonly string[];
  readonly pool: Rehearsal;
}

/** nginx's clock shows whole seconds, and where in a second a recording began is not recorded: all phases are tried in these steps. */
const PHASE_MS = 5;
/** Far from 0, where nobody was checked yet. */
const EPOCH_MS = 1_000_000;

/** Servers that fail: every attempt of every request must be the picker's, told how the earlier ones ended, for some phase of the second. */
export function nginxFailures(recording: Recording): Finding {
  let furthest: { readonly requests: number; readonly finding: Finding } | undefined;
  for (let phase = 0; phase < 1000; phase += PHASE_MS) {
    const { requests, finding } = replay(recording, EPOCH_MS + phase);
    if (finding.is === 'matched') return finding;
    if (furthest === undefined || requests > furthest.requests) furthest = { requests, finding };
  }
  return furthest!.finding;
}

/** Up to the first request that differs; `requests` says how many did not. */
function replay(recording: Recording, beganMs: number): { requests: number; finding: Finding } {
  const tiers = tiersOf(recording);
  const requests = recording.requests as unknown as readonly Attempted[];
  for (const [at, request] of requests.entries()) {
    const expected = request.attempts.filter((name) => tiers.some(({ names }) => names.includes(name)));
    const made = attemptsOf(request, expected.length, tiers, beganMs, readTimeoutMs(recording));
    const finding = same(
      { attempts: expected, pick: recording.picks[at] },
      { attempts: made, pick: answeredBy(request.status, made) },
    );
    if (finding.is === 'differing') {
      return { requests: at, finding: { ...finding, where: `request ${at + 1}: ${finding.where}` } };
    }
  }
  return { requests: requests.length, finding: { is: 'matched' } };
}

/** The last one tried, unless it gave no answer: then nginx makes one itself. */
function answeredBy(status: number, made: readonly string[]): string | undefined {
  return status === 502 || status === 504 ? `STATUS_${status}` : made.at(-1);
}

/** As many attempts as were made, or one that nobody is left for. */
function attemptsOf(
  { t_ms: startMs, status, attempts, attempt_status: told }: Attempted,
  count: number,
  tiers: readonly Tier[],
  beganMs: number,
  timeoutMs: number,
): string[] {
  // Without a list of statuses all attempts but the last have failed, and the last has the request's.
  const statuses = told?.split(', ').map(Number) ?? attempts.map((_, i) => (i + 1 < attempts.length ? 502 : status));
  const made: string[] = [];
  const tried = tiers.map((): number[] => []);
  let nowMs = beganMs + startMs;
  for (let i = 0; i < Math.max(1, count); i += 1) {
    const chosen = firstOf(tiers, tried, nowMs);
    if (chosen === undefined) break;
    const { tier, slot } = chosen;
    const { pool, names } = tiers[tier]!;
    made.push(names[slot]!);
    tried[tier]!.push(slot);
    pool.start(slot);
    if (statuses[i] === 504) nowMs += timeoutMs;
    pool.at(nowMs * 1000).end(slot, true, outcomeOf(statuses[i] ?? status));
  }
  return made;
}

/** The servers in use are asked first, and the backup servers when those decline. */
function firstOf(tiers: readonly Tier[], tried: readonly (readonly number[])[], nowMs: number) {
  for (const [tier, { pool }] of tiers.entries()) {
    const slot = pool.at(nowMs * 1000).pick(tried[tier]);
    if (slot !== null) return { tier, slot };
  }
  return undefined;
}

function tiersOf({ backends, config }: Recording): Tier[] {
  const all = backends as readonly (Recording['backends'][number] & { readonly backup?: boolean })[];
  return [false, true].map((backup) => {
    const servers = all.filter((server) => (server.backup ?? false) === backup);
    const lines = servers.map(
      ({ address }) => new RegExp(`server ${address.replaceAll('.', '\\.')}( .*)?;`).exec(config)?.[1] ?? '',
    );
    const picker = nginxRoundRobin({
      ...numberIn(/max_fails=(\d+)/, lines[0], (fails) => ({ maxFails: fails })),
      ...numberIn(/fail_timeout=(\d+)/, lines[0], (seconds) => ({ failTimeoutUs: seconds * 1_000_000 })),
      ...(/proxy_next_upstream .*http_500/.test(config) && { failStatus: 500 }),
    });
    const configured = servers.map(({ name, weight }) => ({ id: name, weight }));
    return { names: servers.map(({ name }) => name), pool: new Rehearsal(picker, configured).tell() };
  });
}

function numberIn<T>(pattern: RegExp, text: string | undefined, make: (value: number) => T): T | undefined {
  const found = pattern.exec(text ?? '');
  return found === null ? undefined : make(Number(found[1]));
}

function readTimeoutMs({ config }: Recording): number {
  const [, value, unit] = /proxy_read_timeout (\d+)(ms|s);/.exec(config) ?? [];
  return Number(value ?? 60) * (unit === 'ms' ? 1 : 1000);
}

function outcomeOf(status: number): Outcome {
  const kind = status === 502 ? 'refused' : status === 504 ? 'timeout' : 'served';
  return { kind, status: kind === 'served' ? status : 0, latencyUs: 1000, bytes: 0 };
}
