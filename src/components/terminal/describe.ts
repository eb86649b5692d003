import { formatClock, formatCount } from '../chart/format.ts';
import type { Row } from '../lesson/narrate.ts';
import type { Sign } from '../lesson/states.ts';
import { line, quiet, type Line, type Span } from './text.ts';

/** How the words of the figures look in a line of text. */

/** The word of a state in its colour. */
export function stateWord({ word, hue }: Sign): Span {
  return { text: word, ...(hue !== 'ink' && { tone: hue }) };
}

/** As wide as the longest word there is for what happened to a request or a backend. */
const WORD_WIDTH = 'not passed'.length;

/** "11.200  in flight   request 3,372 goes to s2, 6 in flight there" */
export function eventLine({ atUs, sign, text, inFlight }: Row): Line {
  const there = inFlight === undefined ? '' : `, ${formatCount(inFlight)} in flight there`;
  const gap = ' '.repeat(Math.max(0, WORD_WIDTH - sign.word.length) + 2);
  return line(quiet(`${formatClock(atUs)}  `), stateWord(sign), gap, text, there);
}

/** "t = 11.200 s" */
export function clock(us: number): string {
  return `t = ${formatClock(us)} s`;
}
