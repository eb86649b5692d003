import type { Cast } from './cast.ts';
import { type Line, type Point, corners, downCurve, sCurve } from './line.ts';

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
  /** From each client of the cast to the balancer; several may share a box. */
  readonly clientLines: readonly Line[];
  readonly rate: Point | undefined;
  readonly balancer: Balancer | undefined;
  readonly lanes: readonly Lane[];
  readonly poolLabels: readonly { readonly at: Point; readonly text: string }[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Balancer {
  readonly box: Box;
  readonly name: Point;
  readonly nameLines: readonly string[];
  readonly cells: { readonly at: Point; readonly size: Size; readonly perRow: number };
  /** Baseline of the first line of the sentence on the last decision; `lines` it may take. */
  readonly sentence: Point;
  readonly sentenceLines: 1 | 2;
}

interface Size {
  readonly width: number;
  readonly height: number;
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
const HOME_FROM = 1120;

interface Measures {
  readonly text: number;
  readonly margin: number;
  readonly right: number;
  readonly headY: number;
  readonly firstY: number;
  readonly pitch: number;
  readonly below: number;
  readonly clientPitch: number;
  readonly balancerX: number;
  readonly balancerWidth: number;
  readonly cell: Size;
  readonly nameSize: number;
  readonly curve: number;
  readonly server: Size;
}

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
  cell: { width: 18, height: 22 },
  nameSize: 15.5,
  curve: 68,
  server: { width: 88, height: 44 },
};

const PHONE_SERVER = { width: 92, height: 44 };
const PHONE_PITCH = 80;
const POOL_LABEL = 30;
const CELL_GAP = 2;

/** `cells`: how many the balancer shows of its own state. */
export function stageOf(
  cast: Cast,
  width: number,
  options: { form: 'topology' | 'lanes'; compare: Compare; cells: number },
): Stage {
  if (options.form === 'lanes') return lanesStage(cast, width);
  return width >= WIDE_FROM
    ? wideStage(cast, width, options.compare, options.cells)
    : phoneStage(cast, width, options.cells);
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
  const half = Math.max(wideBalancer(cast, 0, 0, m, cells).box.height, clientLabels(cast).length * m.clientPitch) / 2;
  const asked = laneYs(cast, m.firstY, m.pitch);
  const down = Math.max(0, m.headY + 16 + half - (asked[0]! + asked.at(-1)!) / 2);
  const ys = asked.map((y) => y + down);
  const middle = (ys[0]! + ys.at(-1)!) / 2;
  const clients = clientBoxes(cast, { x: m.margin, y: middle }, m.clientPitch);
  const clientsRight = Math.max(...clients.map(({ box }) => box.x + box.width));
  const balancerX = Math.max(m.balancerX, clientsRight + 40);
  const balancer = wideBalancer(cast, balancerX, middle, m, cells);
  const out = { x: balancer.box.x + balancer.box.width, y: middle };
  const merge = Math.min(out.x + m.curve, serverX - 72);
  const [beliefHead, truthHead] = COMPARE_HEADS[compare];
  const rateText = `${cast.rateRps} requests/s`;

  return {
    form: 'wide',
    text: m.text,
    width,
    height: Math.max(ys.at(-1)! + m.below, middle + half + m.below / 2),
    headY: m.headY,
    heads: [
      { x: m.margin, text: home ? 'Clients' : rateText },
      ...(home ? [{ x: balancerX, text: 'Balancer' }] : []),
      { x: serverX, text: serversHead(cast, home) },
      { x: beliefX, text: beliefHead },
      { x: truthX, text: truthHead },
    ],
    clients,
    clientLines: clientLines(cast, clients, ({ box }) =>
      sCurve({ x: box.x + box.width, y: box.y + box.height / 2 }, { x: balancer.box.x, y: middle }),
    ),
    rate: home ? { x: m.margin, y: Math.max(...clients.map(({ box }) => box.y + box.height)) + 34 } : undefined,
    balancer,
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
  const balancer = phoneBalancer(cast, width, clientsBottom + 38, cells);
  const { box } = balancer;
  const top = { x: width / 2, y: box.y };
  const bottom = { x: width / 2, y: box.y + box.height };
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
    clientLines: clientLines(cast, clients, (client) =>
      downCurve({ x: client.box.x + client.box.width / 2, y: client.box.y + client.box.height }, top),
    ),
    rate: clients.length === 1 ? { x: clients[0]!.box.x + clients[0]!.box.width + 12, y: 24 } : undefined,
    balancer,
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
      status: { x: 34, y: y + 31 },
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
    clientLines: [],
    rate: undefined,
    balancer: undefined,
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
  const pitch = Math.min(90, (width - 32 - boxWidth) / Math.max(1, labels.length - 1));
  return labels.map((label, index) => ({
    label,
    box: {
      x: width / 2 + (index - (labels.length - 1) / 2) * pitch - boxWidth / 2,
      y: 4,
      width: boxWidth,
      height: 30,
    },
  }));
}

function clientLines(
  cast: Cast,
  boxes: Stage['clients'],
  line: (client: Stage['clients'][number]) => Line,
): readonly Line[] {
  const lines = boxes.map(line);
  return cast.clients.map((_, index) => lines[Math.min(index, lines.length - 1)]!);
}

function wideBalancer(cast: Cast, x: number, middle: number, m: Measures, cells: number): Balancer {
  const pad = m === HOME ? 16 : 10;
  const perRow = cells <= 5 ? cells : Math.ceil(cells / Math.ceil(cells / 5));
  const rows = perRow === 0 ? 0 : Math.ceil(cells / perRow);
  const cellsWidth = perRow * (m.cell.width + CELL_GAP) - CELL_GAP;
  const width = Math.max(m.balancerWidth, cellsWidth + 2 * pad);
  const nameLines = wrap(balancerName(cast), width - 2 * pad, m.nameSize * 0.53);
  const nameHeight = nameLines.length * (m.nameSize + 3);
  const cellsHeight = rows * (m.cell.height + CELL_GAP);
  const height = pad + nameHeight + 8 + cellsHeight + 44 + pad - 6;
  const y = middle - height / 2;
  const cellsY = y + pad + nameHeight + 4;
  return {
    box: { x, y, width, height },
    name: { x: x + pad, y: y + pad + m.nameSize - 2 },
    nameLines,
    cells: { at: { x: x + pad, y: cellsY }, size: m.cell, perRow },
    sentence: { x: x + pad, y: cellsY + cellsHeight + 22 },
    sentenceLines: 2,
  };
}

function phoneBalancer(cast: Cast, width: number, y: number, cells: number): Balancer {
  const pad = 14;
  const size = { width: 17, height: 22 };
  const name = balancerName(cast);
  const nameWidth = name.length * 8.6;
  const cellsWidth = cells * (size.width + CELL_GAP) - CELL_GAP;
  const beside = nameWidth + 16 + cellsWidth + 2 * pad <= width - 32;
  const boxWidth = Math.max(200, (beside ? nameWidth + 16 + cellsWidth : Math.max(nameWidth, cellsWidth)) + 2 * pad);
  const x = (width - boxWidth) / 2;
  const height = beside || cells === 0 ? 66 : 92;
  return {
    box: { x, y, width: boxWidth, height },
    name: { x: x + pad, y: y + 26 },
    nameLines: [name],
    cells: {
      at: beside ? { x: x + boxWidth - pad - cellsWidth, y: y + 10 } : { x: x + pad, y: y + 36 },
      size,
      perRow: Math.max(1, cells),
    },
    sentence: { x: x + pad, y: y + height - 14 },
    sentenceLines: 1,
  };
}

/** One pool: what its picker is called. Several: the layer that tells them apart, or cannot. */
function balancerName(cast: Cast): string {
  if (cast.pools.length > 1) return cast.layer === 4 ? 'layer 4, blind to paths' : 'layer 7';
  const name = pickerLabel(cast.pools[0]!.picker);
  return cast.layer === 4 ? `layer 4, ${name}` : name;
}

const PICKER_LABELS: Record<string, string> = {
  'smooth-weighted-round-robin': 'weighted',
  'power-of-two-choices': 'two choices',
};

export function pickerLabel(picker: string): string {
  return PICKER_LABELS[picker] ?? picker.replaceAll('-', ' ');
}

/** In Source Code Pro every letter is 0.6 em wide. */
function monoWidth(text: string, size = 14.5): number {
  return text.length * size * 0.6;
}

function wrap(text: string, width: number, letter: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && (last.length + 1 + word.length) * letter <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
