import { cutShare, longestRun, sharesInRamp } from '../changes.ts';
import { numberIn, numberOf } from '../row.ts';
import { experiment, listIn, meanOf, numbersIn } from './experiment.ts';

const IN_FLIGHT = 10_000;

export const cut = experiment('requests that a drain cuts off', ['duration'], /^cut|^abort/, (example, { seed }) => {
  const meanS = numberIn(example.metric, /m=([\d.]+)/) ?? 10;
  const drains = listIn(example.metric, /D=([\d/]+)/);
  const found = drains.map((drainS) => cutShare(`exp mean ${meanS} s`, drainS, IN_FLIGHT, seed));
  return { got: found.length === 1 ? found[0] : found, requests: IN_FLIGHT * drains.length };
});

export const ramp = experiment('a newcomer with a ramp', ['existing'], /share/, (example, { seed }) => {
  const requests = 1_000_000;
  const shares = sharesInRamp(numberOf(example, 'existing'), 'linear', requests, seed);
  const middle = shares.length / 2;
  // The two hundredths around the middle of the window, one per cent of 1,000,000 each: off by four times 0.0022.
  return { got: /W\/2/.test(example.metric) ? meanOf(shares.slice(middle - 1, middle + 1)) : meanOf(shares), requests };
});

export const flood = experiment('a newcomer without a ramp', ['existing'], /join flood/, (example, { seed }) => {
  const existing = numberOf(example, 'existing');
  const each = numbersIn(/hold ([\d,]+) each/.exec(example.claim)?.[1] ?? '1,000')[0]!;
  return { got: longestRun(existing, existing * each, 1.1 * each, 'least-connections', seed), requests: 1.1 * each };
});
