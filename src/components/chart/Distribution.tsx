import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { formatCount, formatUs } from './format.ts';
import { binned, decades, nearestRank } from './points.ts';

interface Props {
  readonly nowUs: ReadonlySignal<number>;
  /** Latencies, in microseconds, of what was served in the last second before now. */
  readonly latencies: () => Promise<readonly number[]>;
}

const ASK_EVERY_MS = 250;

/** Every latency of the last second, not just three of their percentiles: bars on a log axis, ten to a decade. */
export function Distribution({ nowUs, latencies }: Props) {
  const [values, setValues] = useState<readonly number[]>();
  useEffect(() => {
    let askedUs = -1;
    const ask = (): void => {
      if (nowUs.peek() === askedUs) return;
      askedUs = nowUs.peek();
      void latencies().then(setValues);
    };
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  if (values === undefined) return <p class="b-chart-empty">Reading the last second</p>;
  if (values.length === 0) return <p class="b-chart-empty">Nothing has finished in the last second</p>;
  const [low, high] = decades(values);
  const bins = binned(values, low, high);
  const most = Math.max(...bins.map(({ count }) => count));
  const at = (us: number): number => Math.log10(us / low) / Math.log10(high / low);
  return (
    <div class="b-distribution">
      <div class="b-distribution-plot" aria-hidden="true">
        {bins.map(({ fromUs, toUs, count }) => (
          <i
            key={fromUs}
            class="b-distribution-bar"
            style={{ '--at': at(fromUs), '--to': at(toUs), '--high': count / most }}
          />
        ))}
        {([50, 95, 99] as const).map((percent, row) => {
          const us = nearestRank(values, percent);
          return (
            <i
              key={percent}
              class={`b-distribution-mark b-distribution-mark--p${percent}`}
              style={{ '--at': at(us), '--row': row }}
            >
              <span>
                p{percent} {formatUs(us)}
              </span>
            </i>
          );
        })}
        {decadesOf(low, high).map((us) => (
          <i key={us} class="b-distribution-tick" style={{ '--at': at(us) }}>
            <span>{formatUs(us)}</span>
          </i>
        ))}
      </div>
      <table class="b-visually-hidden">
        <caption>Latencies of the last second</caption>
        <tbody>
          {bins
            .filter(({ count }) => count > 0)
            .map(({ fromUs, toUs, count }) => (
              <tr key={fromUs}>
                <th scope="row">
                  {formatUs(fromUs)} to {formatUs(toUs)}
                </th>
                <td>{formatCount(count)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function decadesOf(low: number, high: number): number[] {
  const all = [];
  for (let us = low; us <= high * 1.001; us *= 10) all.push(us);
  return all;
}
