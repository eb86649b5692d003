import { EVENT_KIND, FAILURE, policiesFor, Simulation } from '../../index.ts';
import type { ScenarioInput } from '../../index.ts';
import { parseScenario } from '../../parse.ts';
import { same } from './finding.ts';
import type { Finding, Recording } from './finding.ts';
import { directive, durationMs, pickerOf, statusOf } from './haproxy-config.ts';

type Pool = ScenarioInput['pools'][number];
type Retry = NonNullable<Pool['retry']>;
type On = NonNullable<Retry['on']>;
type Action = NonNullable<ScenarioInput['timeline']>[number];

/** Requests come one after another, so far apart that each is answered long before the next. */
const APART_US = 100_000_000;

/** What `retry-on` means by its words; those that stand for nothing a simulated backend does are left out. */
const WORDS: Readonly<Record<string, On>> = {
  none: [],
  'conn-failure': ['refused'],
  'empty-response': ['reset'],
  'junk-response': [],
  'response-timeout': ['timeout'],
  '0rtt-rejected': [],
  'all-retryable-errors': ['refused', 'reset', 'timeout', 500, 502, 503, 504],
};

interface Sent {
  readonly phase: string;
  readonly status: number;
  readonly ms: number;
  readonly log?: string;
}

/** Compares who answered, how often it was tried, and how many turn-arounds of a second a request waited for. */
export function replayRetries(recording: Recording): Finding {
  const { config, backends } = recording;
  const requests = recording.requests as unknown as readonly Sent[];
  const retry = retryOf(config);
  const pool: Pool = {
    picker: { name: pickerOf(config) },
    ...(retry && { retry }),
    timeouts: { tryUs: durationMs(directive(config, 'timeout server')?.[0] ?? '30s') * 1000 },
    backends: backends.map(({ name, weight }) => ({
      id: name,
      weight,
      service: { default: { kind: 'constant', valueUs: 1000 } },
    })),
  };
  const scenario = parseScenario(
    {
      name: 'recorded',
      title: 'Recorded',
      shows: 'A recording, sent again.',
      durationUs: APART_US * (requests.length + 1),
      clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: 1_000_000 / APART_US } }],
      pools: [pool],
      timeline: faults(
        requests,
        backends.map(({ name }) => name),
      ),
    },
    'the recording',
  );
  const simulation = new Simulation(scenario, policiesFor(scenario));
  simulation.runToEnd();
  const got = requests.map((_, index) => answerTo(simulation, index + 1, backends));
  return same(
    {
      picks: recording.picks,
      requests: requests.map(({ ms, log }) => ({ retries: retriesIn(log), seconds: Math.floor(ms / 1000) })),
    },
    {
      picks: got.map(({ pick }) => pick),
      requests: got.map(({ retries, latencyUs }, index) => ({
        retries: requests[index]!.log === undefined ? undefined : retries,
        seconds: Math.floor(latencyUs / 1_000_000),
      })),
    },
  );
}

function retryOf(config: string): Retry | undefined {
  const retries = Number(directive(config, 'retries')?.[0] ?? 3);
  const on = (directive(config, 'retry-on') ?? ['conn-failure']).flatMap((word) => WORDS[word] ?? [Number(word)]);
  if (retries === 0 || on.length === 0) return undefined;
  const redispatch = directive(config, 'option redispatch');
  const connectMs = durationMs(directive(config, 'timeout connect')?.[0] ?? '1s');
  // Only algorithms that rotate take another server at once; where there is but one, all stay.
  const rotates = ['roundrobin', 'static-rr', 'random'].includes(directive(config, 'balance')?.[0] ?? 'roundrobin');
  return {
    retries,
    on,
    nonIdempotent: true,
    backoff: { kind: 'constant', waitUs: Math.min(1000, connectMs) * 1000 },
    redispatch: {
      every: redispatch === undefined ? 0 : Number(redispatch[0] ?? -1),
      anyServer: rotates,
    },
  };
}

/** A phase is called "all up", or after the backends and what they do from then on: "s1 refused", "s1,s2 refused", "all refused". */
function faults(requests: readonly Sent[], names: readonly string[]): Action[] {
  const failing = (phase = ''): { readonly who: readonly string[]; readonly rest: string } => {
    const [, list = '', rest = ''] = /^(\S+(?:(?: and |, | \+ )\S+)*) (.*)$/.exec(phase) ?? [];
    const who = list === 'all' ? names : list.split(/ and |[,+ ]+/).filter((name) => names.includes(name));
    return { who, rest };
  };
  return requests.flatMap(({ phase }, index) => {
    const before = requests[index - 1]?.phase;
    if (before === phase) return [];
    const atUs = APART_US * index + APART_US / 2;
    const recoveries = failing(before).who.map((backend): Action => ({ do: 'recover', atUs, backend }));
    const { who, rest } = failing(phase);
    const [, word, status = ''] = /^([a-z-]+)(\d*)/.exec(rest) ?? [];
    return [
      ...recoveries,
      ...who.flatMap((backend) => (word === undefined ? [] : faultOf(backend, word, status, atUs))),
    ];
  });
}

function faultOf(backend: string, word: string, status: string, atUs: number): Action[] {
  if (word.startsWith('up') || word.startsWith('back') || word.startsWith('recover')) return [];
  if (word.startsWith('refuse') || word === 'down' || word === 'dead') return [{ do: 'crash', atUs, backend }];
  if (word.startsWith('hang')) return [{ do: 'hang', atUs, backend }];
  if (word.startsWith('clos') || word.startsWith('reset') || word === 'empty')
    return [{ do: 'fail', atUs, backend, status: 0 }];
  if (status !== '') return [{ do: 'fail', atUs, backend, status: Number(status) }];
  throw new Error(`nothing is known of a backend that is called "${word}${status}"`);
}

function answerTo(
  { trace, log }: Simulation,
  request: number,
  backends: Recording['backends'],
): { pick: string; retries: number; latencyUs: number } {
  let pick = 'none';
  let retries = 0;
  for (let row = 0; row < trace.length; row++) {
    const event = trace.at(row);
    if (event.request !== request) continue;
    if (event.kind === EVENT_KIND.retried) retries++;
    if (event.kind === EVENT_KIND.served) pick = backends[event.backend]!.name;
    // An error of a backend that is not tried again is passed on as its answer.
    if (event.kind === EVENT_KIND.failed) {
      pick = event.value === FAILURE.error ? backends[event.backend]!.name : `STATUS_${statusOf(event.value)}`;
    }
  }
  return { pick, retries, latencyUs: log.endedUs[request - 1]! - log.sentUs[request - 1]! };
}

/** HAProxy writes "retries=+1" where the last retry went to another server. */
function retriesIn(log: string | undefined): number | undefined {
  const found = /retries=\+?(\d+)/.exec(log ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
