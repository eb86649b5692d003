import { formatCount } from '../chart/format.ts';
import { type Balancer, type Box, type Measures, monoWidth, pickerLabel } from './balancer-box.ts';
import type { Cast } from './cast.ts';
import { FRONTS, type FrontBox, frontsHeight, phoneFronts, wideFronts } from './front-boxes.ts';
import { type Line, type Point, corners, sCurve } from './line.ts';
import { type NodeBox, type Ways, phoneMiddle, wideMiddle } from './node-boxes.ts';

/**
 * Where everything of a figure stands, in units that are pixels at true size. There are two drawings, wide and phone; both stretch
 * to the width they are given and neither is the other scaled. `lanes` is the small form: backends only.
 */
export interface Stage {
  readonly form: 'wide' | 'phone' | 'lanes';
  /** Size of its text. */
  readonly text: number;
  readonly width: number;
  readonly height: number;
  readonly heads: readonly { readonly x: number; readonly text: string }[];
  readonly headY: number;
  /** None in the form `lanes`. */
  readonly clients: readonly { readonly label: string; readonly box: Box }[];
  /** From each client of the cast to the balancers; several may share a box. */
  readonly ways: readonly Ways[];
  readonly rate: Point | undefined;
  /** undefined: there are nodes instead, or the form is `lanes`. */
  readonly balancer: Balancer | undefined;
  readonly nodes: readonly NodeBox[];
  /** Layer 4 nodes before them. */
  readonly fronts: readonly FrontBox[];
  readonly lanes: readonly Lane[];
  readonly poolLabels: readonly { readonly at: Point; readonly text: string }[];
}

export interface Lane {
  readonly y: number;
  readonly line: Line;
  /** Where the queue ends, right beside the server, and how far back it may reach. */
  readonly queueEnd: number;
  readonly queueStart: number;
  readonly server: Box;
  readonly name: Point;
  /** Words on the queue: above its tail, or at a fixed place. */
  readonly waiting: Point | undefined;
  /** Pixels of the small form's rate label; undefined elsewhere. */
  readonly rate: Point | undefined;
  readonly belief: Point | undefined;
  readonly sign: Point | undefined;
  readonly truth: Point | undefined;
  /** One line under the lane instead of three columns, on phones. */
  readonly status: Point | undefined;
}

/** What the columns on the right compare. */
export type Compare = 'health' | 'capacity' | 'share';

export const COMPARE_HEADS: Record<Compare, readonly [string, string]> = {
  health: ['It believes', 'It is'],
  capacity: ['It believes', 'It can do'],
  share: ['Fair share', 'Its share'],
};

/** Room for mark and word, in units. */
const COMPARE_WIDTHS: Record<Compare, { belief: number; truth: number }> = {
  health: { belief: 86, truth: 80 },
  capacity: { belief: 66, truth: 56 },
  share: { belief: 66, truth: 56 },
};

/** From this width on the wide drawing fits; from `HOME_FROM` on it takes the home page's measures. */
export const WIDE_FROM = 720;
/** Nodes are wider than a balancer, and their lines have to meet. */
const WIDE_FROM_OF_TIER = 780;
const HOME_FROM = 1120;

const HOME: Measures = {
  text: 15.5,
  margin: 24,
  right: 24,
  headY: 26,
  firstY: 72,
  pitch: 74,
  below: 54,
  clientPitch: 74,
  balancerX: 212,
  balancerWidth: 160,
  pad: 16,
  cell: { width: 24, height: 28 },
  nameSize: 17,
  curve: 130,
  server: { width: 112, height: 44 },
};

const LESSON: Measures = {
  text: 14.5,
  margin: 16,
  right: 12,
  headY: 18,
  firstY: 62,
  pitch: 64,
  below: 40,
  clientPitch: 52,
  balancerX: 118,
  balancerWidth: 104,
  pad: 10,
  cell: { width: 18, height: 22 },
  nameSize: 15.5,
  curve: 68,
  server: { width: 88, height: 44 },
};

const PHONE_SERVER = { width: 92, height: 44 };
const PHONE_PITCH = 80;
const POOL_LABEL = 30;
/** Under layer 4 nodes: there the rate of the clients stands. */
const RATE_BELOW = 24;

/** `cells`: how many the balancer shows of its own state. */
export function stageOf(
  cast: Cast,
  width: number,
  options: { form: 'topology' | 'lanes'; compare: Compare; cells: number },
): Stage {
  if (options.form === 'lanes') return lanesStage(cast, width);
  if (width >= (cast.nodes.length === 0 ? WIDE_FROM : WIDE_FROM_OF_TIER)) {
    const stage = wideStage(cast, width, options.compare, options.cells);
    if (cast.fronts.length === 0 || hasRoom(stage)) return stage;
  }
  return phoneStage(cast, width, options.cells);
}

/** Two tiers take half of the width: do the lines to the backends begin before the queues do? */
function hasRoom({ lanes, nodes }: Stage): boolean {
  return Math.max(...nodes.map(({ box }) => box.x + box.width)) + 30 <= lanes[0]!.queueStart;
}

function wideStage(cast: Cast, width: number, compare: Compare, cells: number): Stage {
  const m = width >= HOME_FROM ? HOME : LESSON;
  const home = m === HOME;
  const names = Math.max(...cast.backends.map(({ id }) => monoWidth(id, m.text)));
  const columns = COMPARE_WIDTHS[compare];
  const truthX = width - m.right - columns.truth * (m.text / 14.5);
  const signX = truthX - (home ? 34 : 22);
  const beliefX = signX - (home ? 34 : 18) - columns.belief * (m.text / 14.5);
  const nameX = beliefX - names - (home ? 60 : 14);
  const serverX = nameX - (home ? 16 : 9) - m.server.width;

  // A small fleet has fewer lanes than the balancer is high: they move down to its middle.
  const isStack = cast.fronts.length > 0;
  const half =
    Math.max(
      wideMiddle(cast, 0, 0, m, cells).box.height,
      clientLabels(cast).length * m.clientPitch,
      isStack ? frontsHeight(cast) + 2 * RATE_BELOW : 0,
    ) / 2;
  const asked = laneYs(cast, m.firstY, m.pitch);
  const down = Math.max(0, m.headY + 16 + half - (asked[0]! + asked.at(-1)!) / 2);
  const ys = asked.map((y) => y + down);
  const middle = (ys[0]! + ys.at(-1)!) / 2;
  const clients = clientBoxes(cast, { x: m.margin, y: middle }, m.clientPitch);
  const clientsRight = Math.max(...clients.map(({ box }) => box.x + box.width));
  const isTier = cast.nodes.length > 0;
  const frontX = clientsRight + 40;
  const balancerX = isStack ? frontX + FRONTS.column : Math.max(m.balancerX, clientsRight + (isTier ? 66 : 40));
  const { out, balancer, nodes, ways } = wideMiddle(cast, balancerX, middle, m, cells);
  const merge = Math.min(out.x + m.curve, serverX - 72);
  const [beliefHead, truthHead] = COMPARE_HEADS[compare];
  const rateText = `${formatCount(cast.rateRps)} requests/s`;

  return {
    form: 'wide',
    text: m.text,
    width,
    height: Math.max(ys.at(-1)! + m.below, middle + half + m.below / 2),
    headY: m.headY,
    heads: [
      { x: m.margin, text: home || isStack ? 'Clients' : rateText },
      ...(isStack ? [{ x: frontX, text: 'Layer 4' }] : []),
      ...(home || isTier ? [{ x: balancerX, text: isTier ? tierHead(cast) : 'Balancer' }] : []),
      { x: serverX, text: serversHead(cast, home) },
      { x: beliefX, text: beliefHead },
      { x: truthX, text: truthHead },
    ],
    clients,
    ways: waysOf(cast, clients, ways),
    rate: isStack
      ? { x: m.margin, y: middle + frontsHeight(cast) / 2 + RATE_BELOW }
      : home
        ? { x: m.margin, y: Math.max(...clients.map(({ box }) => box.y + box.height)) + 34 }
        : undefined,
    balancer,
    nodes,
    fronts: isStack
      ? wideFronts(
          cast,
          { x: frontX, y: middle },
          clients.map(({ box }) => box),
          ways,
        )
      : [],
    poolLabels: poolLabels(cast, ys, serverX, 34),
    lanes: ys.map((y) => ({
      y,
      line: sCurve(out, { x: merge, y }, { x: serverX - 10, y }),
      queueEnd: serverX - 10,
      queueStart: merge,
      server: { x: serverX, y: y - m.server.height / 2, ...m.server },
      name: { x: nameX, y: y + 5 },
      waiting: undefined,
      rate: undefined,
      belief: { x: beliefX, y },
      sign: { x: signX, y },
      truth: { x: truthX, y },
      status: undefined,
    })),
  };
}

function phoneStage(cast: Cast, width: number, cells: number): Stage {
  const margin = 16;
  const trunk = 22;
  const clients = phoneClients(cast, width);
  const clientsBottom = Math.max(...clients.map(({ box }) => box.y + box.height));
  const isStack = cast.fronts.length > 0;
  const below = clientsBottom + 38;
  const { out: bottom, balancer, nodes, ways } = phoneMiddle(cast, width, below + (isStack ? FRONTS.row : 0), cells);
  const ys = laneYs(cast, bottom.y + 62, PHONE_PITCH);
  const serverX = width - margin - PHONE_SERVER.width;

  return {
    form: 'phone',
    text: 14.5,
    width,
    height: ys.at(-1)! + 50,
    headY: 0,
    heads: [],
    clients,
    ways: waysOf(cast, clients, ways),
    rate: clients.length === 1 ? { x: clients[0]!.box.x + clients[0]!.box.width + 12, y: 24 } : undefined,
    balancer,
    nodes,
    fronts: isStack
      ? phoneFronts(
          cast,
          width,
          below,
          clients.map(({ box }) => box),
          ways,
        )
      : [],
    poolLabels: poolLabels(cast, ys, 34, 38),
    lanes: ys.map((y) => ({
      y,
      line: corners([
        bottom,
        { x: bottom.x, y: bottom.y + 14 },
        { x: trunk, y: bottom.y + 14 },
        { x: trunk, y },
        { x: serverX - 9, y },
      ]),
      queueEnd: serverX - 9,
      queueStart: trunk + 14,
      server: { x: serverX, y: y - PHONE_SERVER.height / 2, ...PHONE_SERVER },
      name: { x: 34, y: y - 16 },
      waiting: undefined,
      rate: undefined,
      belief: undefined,
      sign: undefined,
      truth: undefined,
      status: { x: 34, y: y + 29 },
    })),
  };
}

function lanesStage(cast: Cast, width: number): Stage {
  const wide = width >= 560;
  const pitch = wide ? 36 : 46;
  const names = Math.max(...cast.backends.map(({ id }) => monoWidth(id)));
  const nameX = width - names - (wide ? 122 : 16);
  const server = { width: wide ? 88 : 60, height: 28 };
  const serverX = nameX - 9 - server.width;
  const from = wide ? 64 : 16;
  const ys = cast.backends.map((_, index) => (wide ? 26 : 34) + index * pitch);

  return {
    form: 'lanes',
    text: 14.5,
    width,
    height: ys.at(-1)! + 30,
    headY: 0,
    heads: [],
    clients: [],
    ways: [],
    rate: undefined,
    balancer: undefined,
    nodes: [],
    fronts: [],
    poolLabels: [],
    lanes: ys.map((y) => ({
      y,
      line: corners([
        { x: from, y },
        { x: serverX - 8, y },
      ]),
      queueEnd: serverX - 8,
      queueStart: from + 16,
      server: { x: serverX, y: y - server.height / 2, ...server },
      name: { x: nameX, y: y + 5 },
      waiting: wide ? { x: nameX + names + 10, y: y + 5 } : undefined,
      rate: wide ? { x: 20, y: y + 5 } : undefined,
      belief: undefined,
      sign: undefined,
      truth: undefined,
      status: undefined,
    })),
  };
}

/** Lanes one pitch apart; with several pools each has a label above its first lane. */
function laneYs(cast: Cast, firstY: number, pitch: number): number[] {
  const labelled = cast.pools.length > 1;
  return cast.backends.map(({ pool }, index) => firstY + index * pitch + (labelled ? (pool + 1) * POOL_LABEL - 12 : 0));
}

function poolLabels(cast: Cast, ys: readonly number[], x: number, above: number): Stage['poolLabels'] {
  if (cast.pools.length === 1) return [];
  return cast.pools.flatMap(({ id, picker, prefixes }, pool) => {
    const first = cast.backends.findIndex((backend) => backend.pool === pool);
    if (first < 0) return [];
    const takes = prefixes.length === 0 ? '' : `${prefixes.map((prefix) => `${prefix}*`).join(', ')} to `;
    return [{ at: { x, y: ys[first]! - above }, text: `${takes}pool ${id}, ${pickerLabel(picker)}` }];
  });
}

function serversHead(cast: Cast, long: boolean): string {
  const workers = cast.backends[0]?.workers ?? 1;
  if (!long || cast.backends.some((backend) => backend.workers !== workers)) return 'Backends';
  return `Backends, ${workers} ${workers === 1 ? 'worker' : 'workers'} each`;
}

/** Up to five clients have a box each; more share one. */
function clientLabels(cast: Cast): string[] {
  if (cast.clients.length === 1) return ['clients'];
  return cast.clients.length <= 5 ? cast.clients.map(({ id }) => id) : [`${cast.clients.length} clients`];
}

function clientBoxes(cast: Cast, at: Point, pitch: number): Stage['clients'] {
  const labels = clientLabels(cast);
  const width = Math.max(46, ...labels.map((label) => (cast.clients.length === 1 ? 58 : monoWidth(label) + 14)));
  const top = at.y - ((labels.length - 1) * pitch) / 2;
  return labels.map((label, index) => ({
    label,
    box: { x: at.x, y: top + index * pitch - 17, width, height: 34 },
  }));
}

function phoneClients(cast: Cast, width: number): Stage['clients'] {
  const labels = clientLabels(cast);
  const boxWidth = Math.max(48, ...labels.map((label) => monoWidth(label) + 14));
  // Its rate stands beside one box, which makes room for that.
  const rate = cast.clients.length === 1 ? `${formatCount(cast.rateRps)} requests/s`.length * 7 + 20 : 0;
  const middle = Math.min(width / 2, width - rate - boxWidth / 2);
  const pitch = Math.min(90, (width - 32 - boxWidth) / Math.max(1, labels.length - 1));
  return labels.map((label, index) => ({
    label,
    box: {
      x: middle + (index - (labels.length - 1) / 2) * pitch - boxWidth / 2,
      y: 4,
      width: boxWidth,
      height: 30,
    },
  }));
}

function waysOf(cast: Cast, boxes: Stage['clients'], ways: (client: Box) => Ways): readonly Ways[] {
  const all = boxes.map(({ box }) => ways(box));
  return cast.clients.map((_, index) => all[Math.min(index, all.length - 1)]!);
}

/** How the clients of a tier find its nodes. */
function tierHead({ reach, fronts }: Cast): string {
  if (fronts.length > 0) return 'Layer 7';
  switch (reach) {
    case 'virtual-ip':
      return 'Balancers, one address';
    case 'ecmp':
      return 'Balancers behind ECMP';
    case 'layer-4':
      return 'Balancers behind layer 4';
    case 'dns':
      return 'Balancers behind DNS';
    case 'anycast':
      return 'Balancers, anycast';
    default:
      return 'Balancers';
  }
}
