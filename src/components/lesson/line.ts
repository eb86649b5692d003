/** A line a dot travels on: what is drawn (`d`), and the same line as short chords for finding a point by its distance. */
export interface Line {
  readonly d: string;
  readonly lengths: readonly number[];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Chords per curve: at 24 the farthest a dot strays from a curve of these figures is under a third of a unit. */
const CHORDS = 24;

/** Horizontal at both ends, then straight on to `end`: how wide figures join boxes. */
export function sCurve(from: Point, to: Point, end = to): Line {
  const middle = (from.x + to.x) / 2;
  return traced(from, { x: middle, y: from.y }, { x: middle, y: to.y }, to, end);
}

/** Vertical at both ends: how clients reach the balancer on phones. */
export function downCurve(from: Point, to: Point): Line {
  const middle = (from.y + to.y) / 2;
  return traced(from, { x: from.x, y: middle }, { x: to.x, y: middle }, to, to);
}

/** Straight from corner to corner. */
export function corners(points: readonly Point[]): Line {
  return measured('M' + points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L'), points);
}

export function lengthOf(line: Line): number {
  return line.lengths.at(-1) ?? 0;
}

/** The point `distance` units along the line; before its start or past its end, the end nearest. */
export function pointAt(line: Line, distance: number): Point {
  const { lengths, xs, ys } = line;
  let i = 1;
  while (i < lengths.length - 1 && lengths[i]! < distance) i++;
  const before = lengths[i - 1]!;
  const chord = lengths[i]! - before;
  const part = chord === 0 ? 0 : Math.min(1, Math.max(0, (distance - before) / chord));
  return { x: xs[i - 1]! + (xs[i]! - xs[i - 1]!) * part, y: ys[i - 1]! + (ys[i]! - ys[i - 1]!) * part };
}

function traced(from: Point, c1: Point, c2: Point, to: Point, end: Point): Line {
  const points: Point[] = [];
  for (let i = 0; i <= CHORDS; i++) {
    const t = i / CHORDS;
    const [a, b, c, d] = [(1 - t) * (1 - t) * (1 - t), 3 * t * (1 - t) * (1 - t), 3 * t * t * (1 - t), t * t * t];
    points.push({
      x: a * from.x + b * c1.x + c * c2.x + d * to.x,
      y: a * from.y + b * c1.y + c * c2.y + d * to.y,
    });
  }
  const curve = [from, c1, c2, to].map(({ x, y }) => `${round(x)} ${round(y)}`);
  const drawn = `M${curve[0]!}C${curve.slice(1).join(' ')}`;
  if (end === to) return measured(drawn, points);
  return measured(`${drawn}L${round(end.x)} ${round(end.y)}`, [...points, end]);
}

function measured(d: string, points: readonly Point[]): Line {
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    lengths.push(lengths[i - 1]! + Math.hypot(b.x - a.x, b.y - a.y));
  }
  return { d, lengths, xs: points.map(({ x }) => x), ys: points.map(({ y }) => y) };
}

/** A tenth of a unit is finer than any screen shows, and keeps paths short. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
