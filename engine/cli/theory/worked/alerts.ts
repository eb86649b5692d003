import { Prng } from '../../../core/prng.ts';
import { random } from '../../../pickers/random.ts';
import { KeyedPool } from '../keyed-pool.ts';
import { numberIn, UNIT_US } from '../row.ts';
import { backends, start, world } from '../world.ts';
import { experiment, listIn } from './experiment.ts';
import type { Example } from './experiment.ts';

const WINDOWS = 100_000;

/** Windows of a pool that spreads by chance: how often does an alert on imbalance go off? */
function falseAlarms(example: Example, perBackend: number, seed: number): number {
  const count = numberIn(example.metric, /N=(\d+)/) ?? 5;
  const pool = KeyedPool.alike(random(), count, new Prng(seed).fork(`windows of ${perBackend}`));
  const byLeast = /max\/min/.test(example.metric);
  const limit = numberIn(example.metric, />([\d.]+)/) ?? 2;
  const counts = new Array<number>(count);
  let alarms = 0;
  for (let window = 0; window < WINDOWS; window += 1) {
    counts.fill(0);
    for (let request = 0; request < count * perBackend; request += 1) counts[pool.whereIs(request)]! += 1;
    if (Math.max(...counts) > limit * (byLeast ? Math.min(...counts) : perBackend)) alarms += 1;
  }
  return alarms / WINDOWS;
}

export const imbalanceAlarms = experiment('alerts on imbalance', ['routing'], /^P\(max\//, (example, { seed }) => {
  const sizes = listIn(example.metric, /m=([\d/]+)/);
  return { got: sizes.map((size) => falseAlarms(example, size, seed)), requests: sizes.length * WINDOWS };
});

/** Windows: the chance then scatters by 0.0020 and 0.0008, a quarter of what is allowed and less. */
const ERROR_WINDOWS = 20_000;

function errorAlarms(example: Example, size: number, seed: number): number {
  const share = (numberIn(example.metric, /p=([\d.]+)%/) ?? 0.5) / 100;
  const limit = (numberIn(example.metric, /err>([\d.]+)%/) ?? 1) / 100;
  const rateRps = 10_000;
  const scenario = world({
    durationUs: Math.ceil(((ERROR_WINDOWS * size + 1) / rateRps) * UNIT_US),
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps } }],
    pools: [
      {
        picker: { name: 'random' },
        backends: backends(1, { workers: 10, service: { default: { kind: 'constant', valueUs: 10 } } }),
      },
    ],
    timeline: [{ do: 'fail', atUs: 0, backend: 'b0', share }],
  });
  const errors = new Float64Array(ERROR_WINDOWS);
  const failed = (id: number) => {
    const window = Math.floor((id - 1) / size);
    if (window < ERROR_WINDOWS) errors[window]! += 1;
  };
  start(scenario, { seed, observer: { failed } }).runToEnd();
  return errors.filter((count) => count > limit * size).length / ERROR_WINDOWS;
}

export const errorAlerts = experiment('alerts on errors', ['routing'], /^P\(err>/, (example, { seed }) => {
  const sizes = listIn(example.metric, /n=([\d/]+)/);
  const got = sizes.map((size) => errorAlarms(example, size, seed));
  return { got, requests: sizes.reduce((sum, size) => sum + size * ERROR_WINDOWS, 0) };
});
