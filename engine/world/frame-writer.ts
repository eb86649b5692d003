import { EVENT_KIND } from '../metrics/event-kind.ts';
import { nodeAt } from '../metrics/trace.ts';
import type { Trace } from '../metrics/trace.ts';
import { LatencySeries } from '../metrics/window.ts';
import { BACKEND, DOT, EVENT, FRONT, NODE, POINT } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Look } from './look.ts';
import { IDLE } from './servers.ts';
import type { Simulation } from './simulation.ts';

const WINDOW_US = 1_000_000;
const SAMPLES_PER_RUN = 200;
const EVENTS_AT_MOST = 200;

/**
 * Writes frames of a run: each `next()` is the world as it stands, and what the trace has gained since the frame before. How often one asks
 * changes nothing but how much comes at once: points of the series lie on a fixed grid of 1/200 of the run. The run must keep its trace.
 *
 * A frame owns its arrays, so they can be transferred.
 */
export function frameWriter(simulation: Simulation): { next(): Frame } {
  const series = new LatencySeries(WINDOW_US, Math.ceil(simulation.scenario.durationUs / SAMPLES_PER_RUN));
  /** Requests that have come to each node. */
  const taken = simulation.look().nodes.map(() => 0);
  let rowsRead = 0;
  let pointsWritten = 0;

  return {
    next() {
      const { nowUs, ended, trace } = simulation;
      const eventsFrom = rowsRead;
      rowsRead = trace.length;
      readRows(trace, eventsFrom, series, taken);
      series.advance(nowUs);
      const pointsFrom = pointsWritten;
      pointsWritten = series.length;
      return {
        nowUs,
        ended,
        counts: simulation.counts,
        lastPick: simulation.lastPick,
        backends: backendColumns(simulation),
        workers: workerShares(simulation),
        nodes: nodeColumns(simulation.look(), taken),
        fronts: frontColumns(simulation.look()),
        dots: dotColumns(simulation),
        window: latencyNow(series, nowUs),
        series: points(series, pointsFrom),
        events: events(simulation, Math.max(eventsFrom, rowsRead - EVENTS_AT_MOST)),
      };
    },
  };
}

/** Takes up what the trace has gained since the row `from`. */
function readRows(trace: Trace, from: number, series: LatencySeries, taken: number[]): void {
  const { kind: kinds, atUs, value, length } = trace;
  for (let row = from; row < length; row++) {
    const kind = kinds[row]!;
    if (kind === EVENT_KIND.served) series.record(atUs[row]!, value[row]!);
    else if (kind === EVENT_KIND.arrived && nodeIn(trace, row) >= 0) taken[nodeIn(trace, row)]!++;
  }
}

function backendColumns(simulation: Simulation): Float64Array {
  const { servers, views, balancer, nodes } = simulation.look();
  const columns = new Float64Array(views.length * BACKEND.stride);
  views.forEach((view, index) => {
    const at = index * BACKEND.stride;
    columns[at + BACKEND.weight] = view.weight;
    columns[at + BACKEND.believed] = balancer.belief(index);
    columns[at + BACKEND.truth] = servers.truth[index]!;
    columns[at + BACKEND.slowFactor] = servers.slowFactor[index]!;
    columns[at + BACKEND.inFlight] = nodes.reduce((sum, node) => sum + node.views[index]!.inFlight, 0);
    columns[at + BACKEND.queued] = servers.queued[index]!;
    columns[at + BACKEND.served] = servers.served[index]!;
    columns[at + BACKEND.failed] = servers.failed[index]!;
    columns[at + BACKEND.workers] = servers.workersOf(index).length;
  });
  return columns;
}

function workerShares(simulation: Simulation): Float32Array {
  const { path, servers } = simulation.look();
  const shares: number[] = [];
  for (let server = 0; server < servers.length; server++) {
    for (const row of servers.workersOf(server)) {
      const workUs = row === IDLE ? 0 : path.rows.workUs[row]!;
      shares.push(workUs === 0 ? 0 : path.service.leftUs(row) / workUs);
    }
  }
  return Float32Array.from(shares);
}

function nodeColumns({ tier, nodes }: Look, taken: readonly number[]): Float64Array {
  if (tier === undefined) return new Float64Array(0);
  const { states, holder, connections } = tier;
  const columns = new Float64Array(nodes.length * NODE.stride);
  nodes.forEach(({ views }, node) => {
    const at = node * NODE.stride;
    columns[at + NODE.inService] = Number(states.inService.includes(node));
    columns[at + NODE.isUp] = Number(states.isUp(node));
    columns[at + NODE.serves] = Number(states.serves(node));
    columns[at + NODE.role] = states.roles[node]!;
    columns[at + NODE.hasAddress] = Number(holder === node);
    columns[at + NODE.inFlight] = views.reduce((sum, { inFlight }) => sum + inFlight, 0);
    columns[at + NODE.taken] = taken[node]!;
    columns[at + NODE.connections] = connections[node]!;
    columns[at + NODE.drains] = Number(states.isDraining(node));
  });
  return columns;
}

function frontColumns({ tier }: Look): Float64Array {
  const fronts = tier?.frontStates ?? [];
  const columns = new Float64Array(fronts.length * FRONT.stride);
  fronts.forEach(({ isUp, isNextHop }, front) => {
    columns[front * FRONT.stride + FRONT.isUp] = Number(isUp);
    columns[front * FRONT.stride + FRONT.isNextHop] = Number(isNextHop);
  });
  return columns;
}

function dotColumns(simulation: Simulation): Float32Array {
  const { path, tier } = simulation.look();
  const { rows } = path;
  const dots: number[] = [];
  for (let row = 0; row < rows.used; row++) {
    const leg = rows.leg[row]!;
    if (leg === 0) continue;
    const startUs = rows.legStartUs[row]!;
    const lastsUs = rows.legEndUs[row]! - startUs;
    const at = dots.length;
    dots[at + DOT.leg] = leg - 1;
    dots[at + DOT.client] = rows.client[row]!;
    dots[at + DOT.backend] = rows.backend[row]!;
    dots[at + DOT.progress] = lastsUs === 0 ? 1 : (simulation.nowUs - startUs) / lastsUs;
    dots[at + DOT.node] = tier?.nodeOf(row) ?? -1;
    dots[at + DOT.front] = tier?.frontOf(row) ?? -1;
  }
  return Float32Array.from(dots);
}

function latencyNow(series: LatencySeries, nowUs: number): Float64Array {
  const window = series.window.upTo(nowUs);
  return Float64Array.of(window.quantile(50), window.quantile(95), window.quantile(99), window.count);
}

function points(series: LatencySeries, from: number): Float64Array {
  const columns = new Float64Array((series.length - from) * POINT.stride);
  for (let row = from; row < series.length; row++) {
    const at = (row - from) * POINT.stride;
    columns[at + POINT.atUs] = series.atUs[row]!;
    columns[at + POINT.p50Us] = series.p50Us[row]!;
    columns[at + POINT.p95Us] = series.p95Us[row]!;
    columns[at + POINT.p99Us] = series.p99Us[row]!;
    columns[at + POINT.n] = series.n[row]!;
  }
  return columns;
}

function events(simulation: Simulation, from: number): Float64Array {
  const { trace } = simulation;
  return eventColumns(
    trace,
    Array.from({ length: trace.length - from }, (_, row) => from + row),
  );
}

/** `EVENT` columns of these rows of a trace. */
export function eventColumns(trace: Trace, rows: readonly number[]): Float64Array {
  const columns = new Float64Array(rows.length * EVENT.stride);
  rows.forEach((row, index) => {
    const at = index * EVENT.stride;
    columns[at + EVENT.atUs] = trace.atUs[row]!;
    columns[at + EVENT.kind] = trace.kind[row]!;
    columns[at + EVENT.request] = trace.request[row]!;
    columns[at + EVENT.backend] = trace.backend[row]!;
    columns[at + EVENT.value] = trace.value[row]!;
    columns[at + EVENT.node] = nodeIn(trace, row);
  });
  return columns;
}

/** Index of the node that the event is of; -1: of none, or there is no tier. */
function nodeIn({ node }: Trace, row: number): number {
  return node.length === 0 ? -1 : nodeAt(node[row]!);
}
