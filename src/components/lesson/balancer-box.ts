import type { Cast } from './cast.ts';
import type { Point } from './line.ts';

/** The one balancer of a figure, with what it decides by. */

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

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Measures {
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
  /** Inside its box. */
  readonly pad: number;
  readonly cell: Size;
  readonly nameSize: number;
  readonly curve: number;
  readonly server: Size;
}

const CELL_GAP = 2;

export function wideBalancer(cast: Cast, x: number, middle: number, m: Measures, cells: number): Balancer {
  const { pad } = m;
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

export function phoneBalancer(cast: Cast, width: number, y: number, cells: number): Balancer {
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
export function monoWidth(text: string, size = 14.5): number {
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
