/**
 * Slow start: a backend that has just come back takes part with a fraction of its weight that grows to 1 over a window. A cold cache, an empty
 * connection pool or code not yet compiled would otherwise meet its full share at once.
 *
 * The fraction is one of the weight, not of the traffic: beside k full backends of the same weight its share is f / (f + k), which rises fastest at the
 * start. And it does nothing where the picker looks at no weight.
 *
 * Cost: O(1) a question. Weights change while time passes, so somebody has to ask again: `slowStartLooksAgainUs` says when.
 *
 * Source: Envoy, slow start of a cluster (time factor with aggression, at least a minimum). HAProxy, `slowstart`: sixteenths of the weight by whole seconds
 * of the clock; the bound on connections grows beside it. AWS application load balancer: linear; where it begins is not published, here at 1 %.
 *
 * Real systems: nginx has it in Plus only. HAProxy starts none when the process starts. AWS lets a target enter only if another healthy one is not in
 * slow start. Envoy counts from when a host joined, or with health checks from when it first passed.
 */
import { exp, ln } from '../core/maths.ts';

export type SlowStart =
  | {
      readonly kind: 'envoy';
      readonly windowUs: number;
      /** 1: linear in time; above 1 steeper at first. 1 unless given. */
      readonly aggression?: number | undefined;
      /** The least fraction of its weight that a backend has. 0.1 unless given. */
      readonly minimum?: number | undefined;
    }
  | { readonly kind: 'haproxy'; readonly windowUs: number }
  | { readonly kind: 'linear'; readonly windowUs: number };

const SECOND_US = 1_000_000;
/** A backend younger than this counts as this old: no weight is 0, not even with a minimum of 0. (Envoy) */
const YOUNGEST_US = 1_000;
const ENVOY_MINIMUM = 0.1;
const LINEAR_MINIMUM = 0.01;
/** HAProxy counts effective weights in sixteenths (BE_WEIGHT_SCALE). */
const SIXTEENTHS = 16;
/** Envoy's and AWS's curves are smooth; following them in steps of a hundredth of the window keeps each step below what traffic can show. */
const STEPS_OF_A_CURVE = 100;

/** The fraction of its weight, above 0 and at most 1, that a backend has at `nowUs` if its slow start began at `sinceUs`. */
export function slowStartFactor(slowStart: SlowStart, sinceUs: number, nowUs: number): number {
  const { windowUs } = slowStart;
  switch (slowStart.kind) {
    case 'envoy':
      return envoyFactor(nowUs - sinceUs, windowUs, slowStart.aggression ?? 1, slowStart.minimum ?? ENVOY_MINIMUM);
    case 'haproxy':
      return haproxySixteenths(wholeSeconds(sinceUs, nowUs), secondsOf(windowUs)) / SIXTEENTHS;
    case 'linear':
      return Math.min(1, Math.max(LINEAR_MINIMUM, (nowUs - sinceUs) / windowUs));
  }
}

/** When the factor should be asked for again, or undefined once it is 1. */
export function slowStartLooksAgainUs(slowStart: SlowStart, sinceUs: number, nowUs: number): number | undefined {
  if (slowStartFactor(slowStart, sinceUs, nowUs) >= 1) return undefined;
  const { kind, windowUs } = slowStart;
  // HAProxy: every second, or every twentieth of the window if that is longer.
  const stepUs =
    kind === 'haproxy'
      ? Math.max(SECOND_US, Math.floor(windowUs / 20))
      : Math.max(YOUNGEST_US, Math.floor(windowUs / STEPS_OF_A_CURVE));
  return nowUs + stepUs;
}

/** How many of `maxConnections` a backend in slow start may have: HAProxy lets the bound grow by whole percents of the window, at least 1; others leave it. */
export function slowStartConnections(
  slowStart: SlowStart,
  maxConnections: number,
  sinceUs: number,
  nowUs: number,
): number {
  if (slowStart.kind !== 'haproxy' || maxConnections === Infinity) return maxConnections;
  const percent = Math.floor((100 * wholeSeconds(sinceUs, nowUs)) / secondsOf(slowStart.windowUs));
  return percent >= 100 ? maxConnections : Math.max(1, Math.floor((maxConnections * percent) / 100));
}

/** max(minimum, (age / window)^(1 / aggression)), 1 outside the window. */
export function envoyFactor(ageUs: number, windowUs: number, aggression: number, minimum: number): number {
  if (ageUs >= windowUs) return 1;
  const time = Math.max(ageUs, YOUNGEST_US) / windowUs;
  return Math.min(1, Math.max(minimum, aggression === 1 ? time : exp(ln(time) / aggression)));
}

/** How many sixteenths of its weight HAProxy gives a server that came up so many whole seconds ago: 1 to 16. */
export function haproxySixteenths(elapsedSeconds: number, windowSeconds: number): number {
  if (elapsedSeconds < 0 || elapsedSeconds >= windowSeconds) return SIXTEENTHS;
  return Math.floor((SIXTEENTHS * elapsedSeconds + windowSeconds) / windowSeconds);
}

/** Both moments as a clock of whole seconds shows them. */
function wholeSeconds(sinceUs: number, nowUs: number): number {
  return Math.floor(nowUs / SECOND_US) - Math.floor(sinceUs / SECOND_US);
}

function secondsOf(windowUs: number): number {
  return Math.ceil(windowUs / SECOND_US);
}
