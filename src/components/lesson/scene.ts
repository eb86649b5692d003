import { BACKEND, BELIEVED, DOT, type Frame, LEG } from '../../../engine/index.ts';
import { formatCount } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import { type Line, type Point, lengthOf, pointAt, round } from './line.ts';
import type { Box } from './balancer-box.ts';
import type { Lane, Stage } from './stage.ts';
import type { BackendState } from './states.ts';

/** What moves in a figure, as path data: pure functions of the stage and the frame. */

/** The queue of one lane, drawn from the server backwards. */
export interface Queue {
  readonly d: string;
  /** Where its last mark stands; the server's side when nobody waits. */
  readonly tailX: number;
  /** How many requests one mark stands for: 1, or 10 when they would not fit. */
  readonly each: 1 | 10;
}

const WIDEST_PITCH = 7.6;
const SMALLEST_PITCH = 1.5;
const TALLY = { share: 0.74, height: 15, tenth: 24 };

/** The queues of all lanes to one scale, so that a longer queue looks longer. `queued`: how many wait in each. */
export function queuesOf(lanes: readonly Lane[], queued: readonly number[]): Queue[] {
  const room = Math.min(...lanes.map(({ queueStart, queueEnd }) => queueEnd - queueStart));
  const longest = Math.max(0, ...queued);
  const each = longest * SMALLEST_PITCH > room ? 10 : 1;
  const pitch = Math.min(WIDEST_PITCH, Math.max(SMALLEST_PITCH, room / Math.ceil(longest / each)));
  return lanes.map((lane, index) => tallies(lane, Math.ceil((queued[index] ?? 0) / each), pitch, each));
}

function tallies(lane: Lane, count: number, pitch: number, each: 1 | 10): Queue {
  const marks = Math.min(count, Math.floor((lane.queueEnd - lane.queueStart) / pitch + 0.001));
  const width = round(pitch * TALLY.share);
  let d = '';
  for (let i = 1; i <= marks; i++) {
    const height = i % 10 === 0 ? TALLY.tenth : TALLY.height;
    d += `M${round(lane.queueEnd - i * pitch)} ${round(lane.y - height / 2)}h${width}v${height}h-${width}z`;
  }
  return { d, tailX: lane.queueEnd - marks * pitch, each };
}

/** Dots are strokes of no length with round ends: one path holds thousands. */
export interface Dots {
  /** Requests on their way. */
  readonly requests: string;
  /** Responses on their way back, drawn small beside the line. */
  readonly responses: string;
}

const RESPONSE_OFFSET = 10;

export function dotsOf(stage: Stage, frame: Frame, queues: readonly Queue[]): Dots {
  const { dots } = frame;
  const reach = stage.lanes.map((lane, index) => lengthOf(lane.line) - (lane.queueEnd - queues[index]!.tailX));
  let requests = '';
  let responses = '';
  for (let at = 0; at < dots.length; at += DOT.stride) {
    const leg = dots[at + DOT.leg]!;
    const backend = dots[at + DOT.backend]!;
    const forward = leg === LEG.clientToBalancer || leg === LEG.balancerToBackend;
    const nearClient = leg === LEG.clientToBalancer || leg === LEG.balancerToClient;
    const node = dots[at + DOT.node]!;
    const client = dots[at + DOT.client]!;
    const before = leg === LEG.clientToBalancer ? toFront(stage, client, dots[at + DOT.front]!) : undefined;
    const line = before ?? (nearClient ? toNode(stage, client, node) : stage.lanes[backend]?.line);
    if (line === undefined) continue;
    const progress = forward ? dots[at + DOT.progress]! : 1 - dots[at + DOT.progress]!;
    const length = leg === LEG.balancerToBackend ? reach[backend]! : lengthOf(line);
    // Behind a tier the way to a backend begins at the node.
    const out = nearClient ? undefined : stage.nodes[node]?.out;
    const { x, y } = out === undefined ? pointAt(line, progress * length) : along(out, line, progress, length);
    if (forward) requests += `M${round(x)} ${round(y)}h0`;
    else responses += `M${round(x)} ${round(y + RESPONSE_OFFSET)}h0`;
  }
  return { requests, responses };
}

/** Who leads it on is not asked before it has come: it is drawn as far as the layer 4 node. Answers go past that. */
function toFront({ fronts, ways }: Stage, client: number, front: number): Line | undefined {
  return (
    fronts[front]?.from[Math.min(client, fronts[front].from.length - 1)] ??
    (fronts.length === 0 ? undefined : ways[client]?.lost)
  );
}

function toNode({ ways, nodes }: Stage, client: number, node: number): Line | undefined {
  const way = ways[client];
  if (nodes.length === 0) return way?.toNodes[0];
  return node < 0 ? way?.lost : way?.toNodes[node];
}

/** A part of the way along two lines, of which the second counts for `length` units. */
function along(first: Line, second: Line, progress: number, length: number): Point {
  const own = lengthOf(first);
  const distance = progress * (own + length);
  return distance <= own ? pointAt(first, distance) : pointAt(second, distance - own);
}

/** The workers of one server: `tracks` behind, `bars` as high as the work left. */
export interface Bars {
  readonly tracks: string;
  readonly bars: string;
}

const MOST_BARS = 24;

/** `left`: share of the work left for each worker, 0 idle. More workers than fit share bars, which then show their mean. */
export function barsOf(server: Box, left: ArrayLike<number>): Bars {
  const inset = 6;
  const count = Math.min(left.length, MOST_BARS);
  const pitch = (server.width - 2 * inset + 2) / count;
  const width = round(pitch - 2);
  const height = server.height - 2 * inset;
  const bottom = round(server.y + server.height - inset);
  let tracks = '';
  let bars = '';
  for (let i = 0; i < count; i++) {
    const x = round(server.x + inset + i * pitch);
    tracks += `M${x} ${bottom}h${width}v-${height}h-${width}z`;
    const part = mean(left, Math.floor((i * left.length) / count), Math.floor(((i + 1) * left.length) / count));
    // Work that has begun is at least a line high: a busy worker never looks idle.
    if (part > 0) bars += `M${x} ${bottom}h${width}v-${round(Math.max(1.5, part * height))}h-${width}z`;
  }
  return { tracks, bars };
}

function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}

/** The slice of `frame.workers` that belongs to each backend. */
export function workersOf(frame: Frame): Float32Array[] {
  const slices: Float32Array[] = [];
  let from = 0;
  for (let at = 0; at < frame.backends.length; at += BACKEND.stride) {
    const count = frame.backends[at + BACKEND.workers]!;
    slices.push(frame.workers.subarray(from, from + count));
    from += count;
  }
  return slices;
}

/** A pick the figure remembers, for balancers whose state is an order. */
export interface Pick {
  readonly request: number;
  readonly backend: number;
}

/** One cell of the balancer's own state. */
export interface Cell {
  readonly text: string;
  readonly chosen: boolean;
}

const MOST_CELLS = 10;
/** Picks a figure has to remember for the longest cycle shown. */
export const PICKS_KEPT = 2 * MOST_CELLS;

/**
 * What the balancer knows, cell by cell, the last choice marked: counts in flight for least connections, the cycle of turns for
 * weights, otherwise the backends in order. Empty for several pools and for fleets too large to show.
 */
export function cellsOf(cast: Cast, states: readonly BackendState[], lastPick: Pick, picks: readonly Pick[]): Cell[] {
  const members = states.map((_, index) => index).filter((index) => states[index]!.believed !== BELIEVED.removed);
  if (cast.pools.length > 1 || members.length > MOST_CELLS) return [];
  const picker = cast.pools[0]!.picker;
  const cycle = picker === 'smooth-weighted-round-robin' ? cycleOf(members.map((index) => states[index]!.weight)) : 0;
  if (cycle > 0) {
    return Array.from({ length: cycle }, (_, cell) => {
      const pick = picks.findLast(({ request }) => request % cycle === cell);
      return {
        text: pick === undefined ? '·' : String(pick.backend + 1),
        chosen: lastPick.request > 0 && lastPick.request % cycle === cell,
      };
    });
  }
  return members.map((index) => ({
    text: picker === 'least-connections' ? String(states[index]!.inFlight) : String(index + 1),
    chosen: index === lastPick.backend,
  }));
}

/** Turns until the order repeats: the sum of whole weights without their common divisor; 0 when too long to show. */
function cycleOf(weights: readonly number[]): number {
  if (!weights.every(Number.isInteger)) return 0;
  const divisor = weights.reduce(gcd);
  const turns = weights.reduce((sum, weight) => sum + weight / divisor, 0);
  return turns <= MOST_CELLS ? turns : 0;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** The last decision as a sentence, on one line or on two. */
export function decisionLines(lastPick: Pick, cast: Cast, lines: 1 | 2): string[] {
  if (lastPick.request === 0) return ['no request yet'];
  const goes = lastPick.backend < 0 ? 'gets a 503' : `goes to ${cast.backends[lastPick.backend]?.id ?? 'nobody'}`;
  const request = formatCount(lastPick.request);
  return lines === 1 ? [`#${request} ${goes}`] : [`request ${request}`, goes];
}
