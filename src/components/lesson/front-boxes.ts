import type { Box } from './balancer-box.ts';
import type { Cast } from './cast.ts';
import { type Line, type Point, downCurve, sCurve } from './line.ts';
import type { Ways } from './node-boxes.ts';

/** A layer 4 node in front of a tier. */
export interface FrontBox {
  readonly box: Box;
  readonly name: Point;
  /** Its state in mark and word. */
  readonly sign: Point;
  /** From each box of clients. */
  readonly from: readonly Line[];
  /** To each node of the tier. */
  readonly toNodes: readonly Line[];
}

const SIZE = { width: 66, height: 46 };
const WIDE_PITCH = 58;
const PHONE = { gap: 8, widest: 110, margin: 16 };

/** What they take of the way to the nodes: a column, or on phones a row. */
export const FRONTS = { column: SIZE.width + 40, row: SIZE.height + 40 };

/** How high the column is. */
export function frontsHeight({ fronts }: Cast): number {
  return fronts.length === 0 ? 0 : (fronts.length - 1) * WIDE_PITCH + SIZE.height;
}

/** One above the other, between clients and nodes. `ways`: from a box to the nodes. */
export function wideFronts(cast: Cast, at: Point, clients: readonly Box[], ways: (box: Box) => Ways): FrontBox[] {
  const top = at.y - frontsHeight(cast) / 2;
  return cast.fronts.map((_, index) => {
    const box = { x: at.x, y: top + index * WIDE_PITCH, ...SIZE };
    const door = { x: box.x, y: box.y + box.height / 2 };
    const from = clients.map(({ x, y, width, height }) => sCurve({ x: x + width, y: y + height / 2 }, door));
    return frontBox(box, 8, from, ways);
  });
}

/** Side by side. */
export function phoneFronts(
  { fronts }: Cast,
  width: number,
  y: number,
  clients: readonly Box[],
  ways: (box: Box) => Ways,
): FrontBox[] {
  const gaps = (fronts.length - 1) * PHONE.gap;
  const own = Math.min(PHONE.widest, (width - 2 * PHONE.margin - gaps) / fronts.length);
  const left = (width - fronts.length * own - gaps) / 2;
  return fronts.map((_, index) => {
    const box = { x: left + index * (own + PHONE.gap), y, width: own, height: SIZE.height };
    const from = clients.map((client) =>
      downCurve({ x: client.x + client.width / 2, y: client.y + client.height }, { x: box.x + own / 2, y }),
    );
    return frontBox(box, own < 62 ? 4 : 8, from, ways);
  });
}

function frontBox(box: Box, pad: number, from: readonly Line[], ways: (box: Box) => Ways): FrontBox {
  const x = box.x + pad;
  return { box, name: { x, y: box.y + 19 }, sign: { x, y: box.y + 33 }, from, toNodes: ways(box).toNodes };
}
