import { BELIEVED, EVENT_KIND, FAILURE, policiesFor, SERVED, Simulation } from '../../../engine/index.ts';
import type { Backend, Picker, Policies, Scenario } from '../../../engine/index.ts';
import { OPEN } from '../../../engine/world/in-flight.ts';
import { IDLE } from '../../../engine/world/servers.ts';

type Pool = Scenario['pools'][number];

/** Collects what is not as it should be: an `expect` per event would be most of the time of these tests. */
class Doubts {
  readonly found: string[] = [];

  check(holds: boolean, otherwise: () => string): void {
    if (!holds && this.found.length < 20) this.found.push(otherwise());
  }
}

/** What the balancer has said of each backend up to now, read off the trace as it grows. */
class Beliefs {
  run: Simulation | undefined;
  private readonly of = new Map<number, number>();
  private read = 0;

  now(backend: number): number {
    const { trace } = this.run!;
    for (; this.read < trace.length; this.read++)
      if (trace.kind[this.read] === EVENT_KIND.health) this.of.set(trace.backend[this.read]!, trace.value[this.read]!);
    return this.of.get(backend) ?? BELIEVED.healthy;
  }
}

/** Everything that may be wrong with a run of this world: nothing, if the engine keeps what it promises. The digest is for a second run. */
export function doubtsAbout(scenario: Scenario): { readonly doubts: readonly string[]; readonly run: Simulation } {
  const doubts = new Doubts();
  const beliefs = new Beliefs();
  const counted = new Map<string, number>();
  const run = new Simulation(scenario, watched(scenario, policiesFor(scenario), counted, beliefs, doubts));
  beliefs.run = run;
  do holdCountsAgainstRows(run, counted, doubts);
  while (run.step());
  holdCountsAgainstRows(run, counted, doubts);
  followRequests(run, doubts);
  followBeliefs(run, doubts);
  return { doubts: doubts.found, run };
}

/** The scenario's policies, with each picker wrapped: what it is offered and told is held against a count, and beliefs, of our own. */
function watched(
  scenario: Scenario,
  policies: Policies,
  counted: Map<string, number>,
  beliefs: Beliefs,
  doubts: Doubts,
): Policies {
  const watch = (picker: Picker, pool: Pool): Picker => {
    const compare = (backend: Backend, moment: string) =>
      doubts.check(
        backend.inFlight === (counted.get(backend.id) ?? 0),
        () => `${moment} of ${backend.id}: ${backend.inFlight} in flight, not ${counted.get(backend.id) ?? 0}`,
      );
    return {
      ...picker,
      pick(backends, request, ctx) {
        for (const backend of backends) {
          compare(backend, 'pick');
          const belief = beliefs.now(indexOf(beliefs.run!, backend));
          doubts.check(
            belief === BELIEVED.healthy || (mayPanic(pool) && belief === BELIEVED.unhealthy),
            () => `${backend.id} was offered to the picker, and is believed ${belief}`,
          );
        }
        const answer = picker.pick(backends, request, ctx);
        doubts.check(answer === undefined || backends.includes(answer), () => `${answer!.id} was not offered`);
        return answer;
      },
      onRequestStart(backend, request, ctx) {
        counted.set(backend.id, (counted.get(backend.id) ?? 0) + 1);
        compare(backend, 'start');
        picker.onRequestStart?.(backend, request, ctx);
      },
      onRequestEnd(backend, request, outcome, ctx) {
        counted.set(backend.id, (counted.get(backend.id) ?? 0) - 1);
        compare(backend, 'end');
        doubts.check(outcome.latencyUs >= 0, () => `request ${request.id} ended before it began`);
        picker.onRequestEnd?.(backend, request, outcome, ctx);
      },
    };
  };
  const pools = scenario.pools.map((pool) => {
    const own = policies.pools.get(pool.id)!;
    // Several lists have a picker each. A start is told to all that may choose the backend, so only the plain pool's is counted.
    return [pool.id, own.makePicker === undefined ? { ...own, picker: watch(own.picker, pool) } : own] as const;
  });
  return { ...policies, pools: new Map(pools) };
}

function indexOf(run: Simulation, backend: Backend): number {
  return run.look().views.findIndex(({ id }) => id === backend.id);
}

/** May it go to backends that it does not believe in, when too few are left? */
function mayPanic({ eligibility }: Pool): boolean {
  return eligibility !== undefined && (eligibility.panicThreshold > 0 || eligibility.failOpenBelow > 0);
}

/** At this instant: what is in flight is what somebody waits for, and whoever came has been answered or is still there. */
function holdCountsAgainstRows(run: Simulation, counted: ReadonlyMap<string, number>, doubts: Doubts): void {
  const { views, servers, path } = run.look();
  const { rows } = path;
  const waited = new Int32Array(views.length);
  let inside = 0;
  for (let row = 0; row < rows.used; row++) {
    const open = rows.open[row]!;
    if ((open & OPEN.attempt) !== 0) waited[rows.backend[row]!]! += 1;
    // Before it is counted a request has no number.
    if ((open & OPEN.client) !== 0 && rows.id[row] !== 0) inside++;
  }
  const { arrived, served, failed } = run.counts;
  const when = () => `at ${run.nowUs}`;
  doubts.check(arrived === served + failed + inside, () => `${arrived} came, ${served} + ${failed} ended ${when()}`);
  for (const [backend, { id, inFlight }] of views.entries()) {
    const own = counted.get(id);
    doubts.check(inFlight === waited[backend], () => `${id}: ${inFlight} in flight, not ${waited[backend]} ${when()}`);
    doubts.check(own === undefined || own === inFlight, () => `${id}: the picker knows of ${own}, not ${inFlight}`);
    const workers = servers.workersOf(backend);
    const busy = workers.length - servers.idle[backend]!;
    let serving = 0;
    for (const row of workers) if (row !== IDLE) serving++;
    doubts.check(busy === serving, () => `${id}: ${busy} workers are busy, and ${serving} serve ${when()}`);
    const queued = servers.queued[backend]!;
    doubts.check(queued >= 0 && queued <= servers.queueLimit[backend]!, () => `${id}: ${queued} queued ${when()}`);
  }
}

/** What may follow upon the end: work at a server that nobody waits for any more. */
const WASTED: readonly number[] = [EVENT_KIND.queued, EVENT_KIND.started];

/** Arrived once, ended at most once, sent no more often than the balancer decided; times in order, and the log says the same. */
function followRequests({ trace, log, counts }: Simulation, doubts: Doubts): void {
  const ended = new Uint8Array(log.length + 1);
  const sends = new Int32Array(log.length + 1);
  let arrived = 0;
  let served = 0;
  let failed = 0;
  for (let row = 0; row < trace.length; row++) {
    const { atUs, kind, request, value } = trace.at(row);
    doubts.check(row === 0 || atUs >= trace.atUs[row - 1]!, () => `time ran back to ${atUs}`);
    if (request === 0) continue;
    if (kind === EVENT_KIND.arrived)
      doubts.check(request === ++arrived, () => `request ${request} arrived out of turn`);
    doubts.check(request <= arrived, () => `request ${request} did ${kind} before it arrived`);
    doubts.check(!ended[request] || WASTED.includes(kind), () => `request ${request} did ${kind} after its end`);
    if (kind === EVENT_KIND.arrived || kind === EVENT_KIND.retried || kind === EVENT_KIND.hedged) sends[request]! += 1;
    if (kind === EVENT_KIND.picked) doubts.check(--sends[request]! >= 0, () => `request ${request} was sent unasked`);
    if (kind !== EVENT_KIND.served && kind !== EVENT_KIND.failed) continue;
    ended[request] = 1;
    const isServed = kind === EVENT_KIND.served;
    if (isServed) served++;
    else failed++;
    const outcome = log.outcome[request - 1]!;
    const sentUs = log.sentUs[request - 1]!;
    doubts.check(log.endedUs[request - 1] === atUs, () => `request ${request} ended at another time in the log`);
    if (isServed)
      doubts.check(value === atUs - sentUs && outcome === SERVED, () => `request ${request}: took ${value}`);
    else
      doubts.check(reasons.has(value) && outcome === value, () => `request ${request} failed for no reason: ${value}`);
  }
  doubts.check(log.length === arrived, () => `${arrived} arrived, and ${log.length} are in the log`);
  const said = [counts.arrived, counts.served, counts.failed].join();
  doubts.check(
    said === [arrived, served, failed].join(),
    () => `counts say ${said}, not ${arrived},${served},${failed}`,
  );
}

const reasons = new Set<number>(Object.values(FAILURE));

/** Layer 7 sends to no backend that it does not believe in, except as the scenario has it. */
function followBeliefs({ scenario, trace }: Simulation, doubts: Doubts): void {
  if (scenario.balancer.layer === 4) return;
  const believed = new Map<number, number>();
  const pools = scenario.pools.flatMap((pool) => pool.backends.map(() => pool));
  for (let row = 0; row < trace.length; row++) {
    const { kind, backend, value } = trace.at(row);
    if (kind === EVENT_KIND.health) believed.set(backend, value);
    if (kind !== EVENT_KIND.picked) continue;
    const belief = believed.get(backend) ?? BELIEVED.healthy;
    const pool = pools[backend];
    const isFine =
      belief === BELIEVED.healthy ||
      (belief === BELIEVED.unhealthy &&
        (pool === undefined || mayPanic(pool) || pool.retry?.redispatch !== undefined)) ||
      (belief === BELIEVED.draining && (pool === undefined || pool.affinity !== undefined || staysPut(pool)));
    doubts.check(isFine, () => `row ${row} sends to backend ${backend}, believed ${belief}`);
  }
}

/** HAProxy's retries go where the attempt before them went. */
function staysPut({ retry }: Pool): boolean {
  return retry?.redispatch !== undefined;
}
