import { has, numberIn, numberOf, textOf, UNIT_US } from './row.ts';
import type { Kind } from './row.ts';
import { pickOf, serviceOf } from './words.ts';
import { backends, start, world } from './world.ts';
import { QUIET } from './detection.ts';

const INSTANT = { service: { default: { kind: 'constant', valueUs: 1 } }, workers: 1000 };

/** A backend joins with a weight that grows: its part of the requests over the window. */
export const slowStart: Kind = {
  name: 'the share of a backend in slow start',
  takes: (row) => has(row, 'existing', 'ramp'),
  measure(row, { seed }) {
    const requests = row.requests_needed ?? 100_000;
    const shares = sharesInRamp(numberOf(row, 'existing'), textOf(row, 'ramp'), requests, seed);
    return { got: shares.reduce((sum, share) => sum + share, 0) / shares.length, requests };
  },
};

const JOINS_US = 10 * UNIT_US;
const WINDOW_US = 100 * UNIT_US;

/** The newcomer's share in each hundredth of the window. */
export function sharesInRamp(existing: number, ramp: string, requests: number, seed: number): number[] {
  const percent = numberIn(ramp, /min\s*([\d.]+)\s*%/);
  const settings = /envoy/i.test(ramp)
    ? { kind: 'envoy', aggression: numberIn(ramp, /aggression\s*([\d.]+)/) ?? 1, minimum: (percent ?? 10) / 100 }
    : { kind: 'linear' };
  const scenario = world({
    durationUs: JOINS_US + WINDOW_US,
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: (requests * UNIT_US) / WINDOW_US } }],
    pools: [
      {
        id: 'p',
        picker: { name: 'nginx-random' },
        slowStart: { ...settings, windowUs: WINDOW_US },
        backends: backends(existing, INSTANT),
      },
    ],
    timeline: [{ do: 'add-backend', atUs: JOINS_US, pool: 'p', backend: { id: 'new', ...INSTANT } }],
  });
  const all = new Float64Array(100);
  const sent = new Float64Array(100);
  const picked = (_id: number, backend: number, nowUs: number) => {
    const part = Math.floor((100 * (nowUs - JOINS_US)) / WINDOW_US);
    if (nowUs <= JOINS_US || part > 99) return;
    all[part]! += 1;
    if (backend === existing) sent[part]! += 1;
  };
  start(scenario, { seed, observer: { picked } }).runToEnd();
  return Array.from(sent, (count, part) => count / all[part]!);
}

/** A backend joins others that hold long-lived connections: how many new ones in a row are all its own? */
export const joinFlood: Kind = {
  name: 'the flood that a newcomer gets',
  takes: (row) => has(row, 'existing', 'open_connections_each'),
  measure(row, { seed }) {
    const existing = numberOf(row, 'existing');
    const open = existing * numberOf(row, 'open_connections_each');
    const requests = row.requests_needed ?? 1.1 * numberOf(row, 'open_connections_each');
    const got = longestRun(existing, open, requests, textOf(row, 'picker'), seed);
    return { got, requests: Math.round(requests) };
  },
};

export function longestRun(existing: number, open: number, more: number, pickerText: string, seed: number): number {
  const rateRps = 1000;
  const { name, options = {} } = pickOf(pickerText);
  const forEver = { service: { default: { kind: 'constant', valueUs: 1e12 } } };
  const joinsUs = Math.round(((open + 0.5) / rateRps) * UNIT_US);
  const scenario = world({
    durationUs: joinsUs + Math.ceil((more / rateRps) * UNIT_US),
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps } }],
    pools: [{ id: 'p', picker: { name, options }, backends: backends(existing, forEver) }],
    timeline: [{ do: 'add-backend', atUs: joinsUs, pool: 'p', backend: { id: 'new', ...forEver } }],
  });
  let inARow = 0;
  let ended = false;
  const picked = (_id: number, backend: number, nowUs: number) => {
    if (nowUs <= joinsUs || ended) return;
    if (backend === existing) inARow += 1;
    else ended = true;
  };
  start(scenario, { seed, observer: { picked } }).runToEnd();
  return inARow;
}

/** A backend drains in the middle of its work: the share of its requests that the end of the drain cuts off. */
export const drain: Kind = {
  name: 'requests cut off at the end of a drain',
  takes: (row) => has(row, 'drain_timeout_s', 'request_duration'),
  measure(row, { seed }) {
    const inFlight = row.requests_needed ?? 10_000;
    const duration = textOf(row, 'request_duration');
    return { got: cutShare(duration, numberOf(row, 'drain_timeout_s'), inFlight, seed), requests: inFlight };
  },
};

/** With about so many requests in flight when the drain begins. */
export function cutShare(duration: string, drainS: number, inFlight: number, seed: number): number {
  const service = serviceOf(duration);
  const meanUs = 'meanUs' in service ? service.meanUs : UNIT_US;
  const drainUs = Math.max(1, Math.round(drainS * UNIT_US));
  // e^-12 of the steady state is missing by then, less than one request.
  const beginsUs = 12 * meanUs;
  const scenario = world({
    durationUs: beginsUs + drainUs + UNIT_US,
    clients: [{ ...QUIET, arrivals: { kind: 'poisson', rateRps: (inFlight * UNIT_US) / meanUs } }],
    pools: [
      { picker: { name: 'random' }, backends: backends(1, { workers: 2 * inFlight, service: { default: service } }) },
    ],
    timeline: [{ do: 'drain', atUs: beginsUs, backend: 'b0', timeoutUs: drainUs }],
  });
  let cut = 0;
  const drained = (_backend: number, cutOff: number) => (cut = cutOff);
  const simulation = start(scenario, { seed, observer: { drained } });
  simulation.runUntil(beginsUs);
  const had = simulation.backends()[0]!.inFlight;
  simulation.runToEnd();
  return cut / had;
}
