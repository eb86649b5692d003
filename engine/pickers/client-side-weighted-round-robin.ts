/**
 * Client-side weighted round robin: static stride over weights that each balancer reckons from what the backends report of their load.
 *
 * weight = rate / (utilisation + penalty x errors / rate): as many requests as the backend would answer if it were busy all the time. A report without
 * rate or utilisation says nothing. A weight counts once reports have come for a blackout period, so that a backend which has just begun is not judged by
 * its first requests, and until no report has come for the expiration period; then the blackout begins anew. Who has no weight gets the mean of the others;
 * while fewer than one (C++) or two (Go) have one, plain round robin serves. Weights are taken up once an update period.
 *
 * Cost: O(1) a pick, O(n) an update; about 40 bytes a backend.
 *
 * Fails when: utilisation is not what runs out (a pool of connections, a lock); when reports are old beside how fast load changes, the shares swing.
 *
 * Source: gRPC proposal A58 and gRPC C++ and Go, weighted_round_robin; reports are ORCA's (xds, orca_load_report.proto).
 *
 * Real systems: gRPC weighted_round_robin; Envoy client_side_weighted_round_robin. The configured weight of a backend is not looked at.
 */
import type { Backend, LoadReport, Picker } from '../core/policy.ts';
import { Stride, strideWeights } from './static-stride.ts';
import type { StrideForm } from './static-stride.ts';

const SECOND_US = 1_000_000;
const TWO_32 = 0x1_0000_0000;
const SHORTEST_UPDATE_US = 100_000;

interface Options {
  readonly form?: StrideForm;
  readonly blackoutUs?: number;
  readonly expirationUs?: number;
  /** At least 100 ms; shorter ones count as that. */
  readonly updateUs?: number;
  readonly errorPenalty?: number;
}

interface Reported {
  weight: number;
  /** When the first report of the present row came; undefined: there is no row. */
  sinceUs: number | undefined;
  latestUs: number;
}

export function clientSideWeightedRoundRobin({
  form = 'cpp',
  blackoutUs = 10 * SECOND_US,
  expirationUs = 180 * SECOND_US,
  updateUs = SECOND_US,
  errorPenalty = 1,
}: Options = {}): Picker {
  const periodUs = Math.max(SHORTEST_UPDATE_US, updateUs);
  const reports = new WeakMap<Backend, Reported>();
  let members: readonly Backend[] = [];
  let stride = new Stride(undefined, 1, 0);
  let counter: number | undefined;
  let updateAtUs = 0;

  function weightOf(backend: Backend, nowUs: number): number {
    const reported = reports.get(backend);
    if (reported?.sinceUs === undefined) return 0;
    if (nowUs - reported.latestUs >= expirationUs) {
      reported.sinceUs = undefined;
      return 0;
    }
    return nowUs - reported.sinceUs < blackoutUs ? 0 : reported.weight;
  }

  function update(nowUs: number): void {
    const weights = members.map((backend) => weightOf(backend, nowUs));
    stride = new Stride(strideWeights(weights, form), members.length, counter!);
  }

  return {
    onPoolChange(backends, ctx) {
      if (backends.length === 0) return;
      if (counter === undefined) updateAtUs = ctx.nowUs + periodUs;
      counter = counter === undefined ? ctx.rng.int(TWO_32) : stride.counter;
      members = backends.slice();
      update(ctx.nowUs);
    },
    pick(_backends, _request, ctx) {
      if (ctx.nowUs >= updateAtUs) {
        updateAtUs += periodUs * Math.floor((ctx.nowUs - updateAtUs) / periodUs + 1);
        counter = stride.counter;
        update(ctx.nowUs);
      }
      return members[stride.next()];
    },
    onRequestEnd(backend, _request, { load }, ctx) {
      const weight = load === undefined ? 0 : reportedWeight(load, errorPenalty);
      if (weight === 0) return;
      const reported = reports.get(backend);
      if (reported === undefined) {
        reports.set(backend, { weight, sinceUs: ctx.nowUs, latestUs: ctx.nowUs });
        return;
      }
      reported.weight = weight;
      reported.sinceUs ??= ctx.nowUs;
      reported.latestUs = ctx.nowUs;
    },
  };
}

/** 0: the report says nothing. */
export function reportedWeight(
  { rateRps, errorsRps, utilisation }: Pick<LoadReport, 'rateRps' | 'errorsRps' | 'utilisation'>,
  errorPenalty: number,
): number {
  if (!(rateRps > 0) || !(utilisation > 0)) return 0;
  const penalty = errorsRps > 0 && errorPenalty > 0 ? (errorsRps / rateRps) * errorPenalty : 0;
  return rateRps / (utilisation + penalty);
}
