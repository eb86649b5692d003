import { type Box, type Measures, type Balancer, phoneBalancer, wideBalancer } from './balancer-box.ts';
import type { Cast } from './cast.ts';
import { type Line, type Point, corners, downCurve, sCurve } from './line.ts';

/** One balancer of a tier. */
export interface NodeBox {
  readonly box: Box;
  readonly name: Point;
  /** Its state in mark and word. */
  readonly sign: Point;
  /** Where a number of it stands, or ends. Where box has one row only, the sign takes the place of the number once there is something to say. */
  readonly number: Point & { readonly anchor: 'start' | 'end' };
  readonly rows: 1 | 2 | 3;
  /** From it to where the lines of all backends begin. */
  readonly out: Line;
}

/** How requests of one client come to the middle of a figure. */
export interface Ways {
  /** To each node; where there is but one balancer, to that. */
  readonly toNodes: readonly Line[];
  /** What nobody is there for goes so far. */
  readonly lost: Line;
}

/** What stands between clients and backends: one balancer, or the nodes of a tier. */
export interface Middle {
  readonly box: Box;
  readonly balancer: Balancer | undefined;
  readonly nodes: readonly NodeBox[];
  /** Where the lines of all backends begin. */
  readonly out: Point;
  readonly ways: (client: Box) => Ways;
}

const WIDE = {
  width: 142,
  behindFronts: 124,
  tall: { height: 46, pitch: 58 },
  low: { height: 28, pitch: 34 },
  bend: 28,
};
const PHONE = { margin: 16, gap: 8, gutter: 24, tall: 64, low: { height: 28, pitch: 34 }, widest: 150, bend: 28 };
/** More nodes than these have one row each. */
const MOST_TALL = { wide: 4, phone: 3 };

/** Its nodes are narrower where layer 4 nodes stand before them. */
export function wideMiddle(cast: Cast, x: number, middle: number, m: Measures, cells: number): Middle {
  const count = cast.nodes.length;
  const from = ({ x: left, y, width, height }: Box): Point => ({ x: left + width, y: y + height / 2 });
  if (count === 0) {
    const balancer = wideBalancer(cast, x, middle, m, cells);
    const { box } = balancer;
    const line = (client: Box): Line => sCurve(from(client), { x, y: middle });
    const out = { x: x + box.width, y: middle };
    return { box, balancer, nodes: [], out, ways: (client) => ({ toNodes: [line(client)], lost: line(client) }) };
  }
  const { height, pitch } = count > MOST_TALL.wide ? WIDE.low : WIDE.tall;
  const isStack = cast.fronts.length > 0;
  const size = { width: isStack ? WIDE.behindFronts : WIDE.width, height };
  const top = middle - ((count - 1) * pitch + height) / 2;
  const out = { x: x + size.width + (isStack ? 20 : WIDE.bend), y: middle };
  const nodes = cast.nodes.map((_, index) => {
    const at = { x, y: top + index * pitch };
    const own = sCurve({ x: x + size.width, y: at.y + height / 2 }, out);
    return height < 40 ? lowNode({ ...at, ...size }, own) : tallNode({ ...at, ...size }, own);
  });
  return {
    box: { x, y: top, width: size.width, height: (count - 1) * pitch + height },
    balancer: undefined,
    nodes,
    out,
    ways: (client) => {
      const start = from(client);
      return {
        toNodes: nodes.map(({ box }) => sCurve(start, { x, y: box.y + height / 2 })),
        lost: corners([start, { x: start.x + (x - start.x) * 0.45, y: start.y }]),
      };
    },
  };
}

/** Name and number above, state below. */
function tallNode(box: Box, out: Line): NodeBox {
  const { x, y, width } = box;
  const number = { x: x + width - 8, y: y + 19, anchor: 'end' } as const;
  return { box, name: { x: x + 8, y: y + 19 }, number, sign: { x: x + 8, y: y + 33 }, rows: 2, out };
}

function lowNode(box: Box, out: Line): NodeBox {
  const { x, y, width, height } = box;
  const number = { x: x + width - 8, y: y + height / 2 + 5, anchor: 'end' } as const;
  return { box, name: { x: x + 8, y: number.y }, number, sign: { x: x + 60, y: y + height / 2 }, rows: 1, out };
}

export function phoneMiddle(cast: Cast, width: number, y: number, cells: number): Middle {
  const below = ({ x, y: top, width: wide, height }: Box): Point => ({ x: x + wide / 2, y: top + height });
  const count = cast.nodes.length;
  if (count === 0) {
    const balancer = phoneBalancer(cast, width, y, cells);
    const { box } = balancer;
    const line = (client: Box): Line => downCurve(below(client), { x: width / 2, y: box.y });
    const out = { x: width / 2, y: box.y + box.height };
    return { box, balancer, nodes: [], out, ways: (client) => ({ toNodes: [line(client)], lost: line(client) }) };
  }
  return count <= MOST_TALL.phone ? phoneRow(count, width, y, below) : phoneGrid(count, width, y, below);
}

type Below = (client: Box) => Point;

/** Side by side. */
function phoneRow(count: number, width: number, y: number, below: Below): Middle {
  const room = (width - 2 * PHONE.margin - (count - 1) * PHONE.gap) / count;
  const size = { width: Math.min(room, PHONE.widest), height: PHONE.tall };
  const left = (width - count * size.width - (count - 1) * PHONE.gap) / 2;
  const out = { x: width / 2, y: y + size.height + PHONE.bend };
  const nodes = Array.from({ length: count }, (_, index): NodeBox => {
    const box = { x: left + index * (size.width + PHONE.gap), y, ...size };
    const x = box.x + 8;
    return {
      box,
      name: { x, y: y + 19 },
      sign: { x, y: y + 34 },
      number: { x, y: y + 56, anchor: 'start' },
      rows: 3,
      out: downCurve({ x: box.x + size.width / 2, y: y + size.height }, out),
    };
  });
  return {
    box: { x: left, y, width: width - 2 * left, height: size.height + PHONE.bend },
    balancer: undefined,
    nodes,
    out,
    ways: (client) => {
      const start = below(client);
      return {
        toNodes: nodes.map(({ box }) => downCurve(start, { x: box.x + box.width / 2, y })),
        lost: corners([start, { x: start.x, y: start.y + (y - start.y) * 0.4 }]),
      };
    },
  };
}

/** In two columns, with a way for all lines between them. */
function phoneGrid(count: number, width: number, y: number, below: Below): Middle {
  const middle = width / 2;
  const { height, pitch } = PHONE.low;
  const column = (width - 2 * PHONE.margin - PHONE.gutter) / 2;
  const rows = Math.ceil(count / 2);
  const out = { x: middle, y: y + (rows - 1) * pitch + height + 10 };
  const boxes = Array.from({ length: count }, (_, index): Box => {
    const x = index % 2 === 0 ? PHONE.margin : middle + PHONE.gutter / 2;
    return { x, y: y + Math.floor(index / 2) * pitch, width: column, height };
  });
  /** The edge that faces the way between the columns. */
  const door = ({ x, y: top }: Box): Point => ({ x: x < middle ? x + column : x, y: top + height / 2 });
  const nodes = boxes.map((box) => lowNode(box, corners([door(box), { x: middle, y: door(box).y }, out])));
  return {
    box: { x: PHONE.margin, y, width: width - 2 * PHONE.margin, height: out.y - y },
    balancer: undefined,
    nodes,
    out,
    ways: (client) => {
      const start = below(client);
      const gate = { x: middle, y: y - 12 };
      const before = { x: start.x, y: gate.y };
      return {
        toNodes: boxes.map((box) => corners([start, before, gate, { x: middle, y: door(box).y }, door(box)])),
        lost: corners([start, before]),
      };
    },
  };
}
