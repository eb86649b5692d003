import { has, NotApplicable, numberIn, numberOf, textOf, UNIT_US } from './row.ts';
import type { Kind, Row, Setting } from './row.ts';
import { pickOf, serviceOf } from './words.ts';
import { backends, start, world } from './world.ts';

/** How much traffic a broken backend draws until it is taken out: the mean of several runs. */
export const blackhole: Kind = {
  name: 'requests sent to a broken backend',
  takes: (row) => has(row, 'rate_rps', 'backends', 'failure', 'window_s'),
  measure(row, setting) {
    const perRun = numberOf(row, 'rate_rps') * numberOf(row, 'window_s');
    const runs = Math.max(1, Math.round((row.requests_needed ?? RUNS * perRun) / perRun));
    let sum = 0;
    for (let run = 0; run < runs; run += 1) sum += sentToBroken(row, setting, run);
    return { got: sum / runs, requests: Math.round(runs * perRun) };
  },
};

const RUNS = 20;
/** By then the queues of a pool at half load have long forgotten that they began empty. */
const FAULT_US = 2 * UNIT_US;

function sentToBroken(row: Row, { seed }: Setting, run: number): number {
  const failure = textOf(row, 'failure');
  const text = textOf(row, 'picker');
  // "round-robin or random": the row's tolerance is that of drawing.
  const { name, options = {} } = pickOf(/ or random/.test(text) ? 'random' : text);
  const meanS = has(row, 'service_mean_s') ? `exp ${numberOf(row, 'service_mean_s')} s` : textOf(row, 'service');
  const toUs = FAULT_US + Math.round(numberOf(row, 'window_s') * UNIT_US);
  const givesUpS = numberIn(failure, /gives up after ([\d.]+) s/);
  const scenario = world({
    durationUs: toUs,
    clients: [
      {
        id: 'c',
        arrivals: { kind: 'poisson', rateRps: numberOf(row, 'rate_rps') },
        ...(givesUpS !== undefined && { timeoutUs: Math.round(givesUpS * UNIT_US) }),
      },
    ],
    pools: [
      {
        picker: { name, options },
        backends: backends(numberOf(row, 'backends'), {
          workers: has(row, 'workers') ? numberOf(row, 'workers') : 1,
          service: { default: serviceOf(meanS) },
        }),
      },
    ],
    timeline: [faultOf(failure)],
  });
  let sent = 0;
  const picked = (_id: number, backend: number, nowUs: number) => {
    if (backend === 0 && nowUs > FAULT_US) sent += 1;
  };
  start(scenario, { seed: (seed + run) >>> 0, observer: { picked } }).runToEnd();
  return sent;
}

function faultOf(failure: string): Record<string, unknown> {
  const at = { atUs: FAULT_US, backend: 'b0' };
  if (/hang/i.test(failure)) return { do: 'hang', ...at };
  const afterMs = numberIn(failure, /error after ([\d.]+) ms/);
  if (afterMs === undefined) throw new NotApplicable(`the failure "${failure}" is not understood`);
  return { do: 'fail', ...at, afterUs: Math.round(afterMs * 1_000) };
}
