/** What rows write in words: service times, ways of picking, pools. */
import { meanUs } from '../../core/distributions.ts';
import type { Distribution } from '../../index.ts';
import { NotApplicable, numberIn, UNIT_US } from './row.ts';

const TIMES: Readonly<Record<string, number>> = { ms: 1_000, us: 1, s: 1_000_000 };

/** A duration such as "exp 10 ms", "lognormal SCV 4" or "bounded Pareto a=1.5 H/L=1000 mean 1". Without a unit the mean is in units of time. */
export function serviceOf(text: string): Distribution {
  const mean = meanOf(text);
  if (/^exp/i.test(text)) return { kind: 'exponential', meanUs: mean };
  if (/^determ|^const|^fixed/i.test(text)) return { kind: 'constant', valueUs: mean };
  if (/^lognormal/i.test(text)) {
    const scv = numberIn(text, /SCV\s*=?\s*([\d.]+)/i);
    if (scv !== undefined) return { kind: 'lognormal', meanUs: mean, scv };
  }
  if (/pareto/i.test(text)) {
    const shape = numberIn(text, /(?:alpha|a|α)\s*=\s*([\d.]+)/);
    const ratio = numberIn(text, /H\/L\s*=\s*([\d.]+)/);
    if (shape !== undefined && ratio !== undefined) return boundedPareto(shape, ratio, mean);
  }
  throw new NotApplicable(`the service time "${text}" is not understood`);
}

function meanOf(text: string): number {
  const found = /(?:mean|exp|exponential|deterministic|constant)\s*\(?\s*(?:mean\s*)?([\d.]+)\s*(ms|us|s)?\b/i.exec(
    text,
  );
  return found === null ? UNIT_US : Math.round(Number(found[1]) * (TIMES[found[2] ?? ''] ?? UNIT_US));
}

/** The mean grows in step with the bounds: it is measured at 1 and scaled. */
function boundedPareto(shape: number, ratio: number, mean: number): Distribution {
  const minUs = mean / meanUs({ kind: 'bounded-pareto', shape, minUs: 1, maxUs: ratio });
  return { kind: 'bounded-pareto', shape, minUs: Math.round(minUs), maxUs: Math.round(minUs * ratio) };
}

export interface Pick {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Weights of the backends; `by speed`: in proportion to it. Absent: all 1. */
  readonly weights?: readonly number[] | 'by speed';
  /** How often the board is refreshed that all loads are read from, in units of time. */
  readonly boardEvery?: number;
}

/** The picker that a row describes. */
export function pickOf(text: string): Pick {
  const boardEvery = numberIn(text, /(?:refreshed|board)[^\d]*every\s+([\d.]+)/i);
  const board = boardEvery === undefined ? {} : { boardEvery };
  const ratio = /\d+(?::\d+)+/.exec(text)?.[0].split(':').map(Number);
  if (/P2C|two choices|power of/i.test(text)) return { ...choices(2, /with replacement/i.test(text)), ...board };
  const draws = numberIn(text, /best of (\d+)/i);
  if (draws !== undefined) return choices(draws, true);
  if (/weighted/i.test(text) && /random/i.test(text) && !/unweighted/i.test(text))
    return { name: 'nginx-random', weights: ratio ?? 'by speed' };
  if (/(smooth|weighted)\s.*(WRR|round)|\bWRR\b/i.test(text))
    return { name: 'smooth-weighted-round-robin', weights: ratio ?? 'by speed' };
  if (/round[- ]robin|\bRR\b/i.test(text)) return { name: 'round-robin' };
  if (/\bSED\b|\+\s*1\s*\)?\s*\/\s*w/i.test(text)) return weightedBy('sed');
  if (/weighted\s+(LC|least)|c(onns)?\s*\/\s*w/i.test(text) && !/unweighted/i.test(text)) return weightedBy('wlc');
  if (/JSQ|least[- ](connections|loaded)|\bLC\b/i.test(text)) {
    const lowest = /lowest|index|first/i.test(text);
    if (!lowest) return { name: 'least-connections', ...board };
    return { name: 'ipvs-least-connections', options: { scheduler: 'lc' }, ...board };
  }
  if (/random/i.test(text)) return { name: 'random' };
  throw new NotApplicable(`the picker "${text}" is not understood`);
}

function choices(count: number, repeated: boolean): Pick {
  const options = { choices: count, sampling: repeated ? 'repeated' : 'distinct' };
  return { name: 'power-of-two-choices', options };
}

function weightedBy(scheduler: 'sed' | 'wlc'): Pick {
  return { name: 'ipvs-least-connections', options: { scheduler, ties: 'random' }, weights: 'by speed' };
}

/** Stands for infinitely many: what is left of the difference to the limit is below one part in a hundred up to a load of 0.99. */
const ENDLESSLY_MANY = 1000;

/** The speed of each backend: from a number, "3 fast (mean 1) + 2 half-speed (mean 2)", or "N->infinity". */
export function speedsOf(backends: unknown): number[] {
  if (typeof backends === 'number') return new Array<number>(backends).fill(1);
  const text = String(backends);
  if (/infinity/i.test(text)) return new Array<number>(ENDLESSLY_MANY).fill(1);
  const groups = [...text.matchAll(/(\d+)\s+[^(+]*\(mean ([\d.]+)\)/g)];
  if (groups.length === 0) throw new NotApplicable(`the backends "${text}" are not understood`);
  return groups.flatMap(([, count, mean]) => new Array<number>(Number(count)).fill(1 / Number(mean)));
}
