import { outlierDetection } from '../../health/outlier-detection.ts';
import type { OutlierDetectionOptions } from '../../health/outlier-detection.ts';
import { successRateBounds } from '../../health/success-rates.ts';
import type { Finding, VectorRow } from './finding.ts';
import { same } from './finding.ts';
import { JudgedPool } from './judged-pool.ts';

type Numbers = Readonly<Record<string, number>>;
const SECOND_US = 1_000_000;
/** Nothing but what a vector is about, and no cap. */
const ALONE: OutlierDetectionOptions = {
  maxEjectionPercent: 100,
  enforcing5xx: 0,
  enforcingGateway: 0,
  enforcingLocalOrigin: 0,
  enforcingSuccessRate: 0,
  enforcingFailurePercentage: 0,
};

export const outlierVectors: Readonly<Record<string, (row: VectorRow) => Finding>> = {
  'success rate ejection threshold': ({ params, input, expected }) => {
    const { success_rates: rates } = input as { success_rates: number[] };
    const factor = (params as Numbers)['stdev_factor']!;
    const got = { ...rounded(successRateBounds(rates, factor), 9) };
    if (!('ejected' in (expected as object))) return same(expected, got);
    return same(expected, { ...got, ejected: ejectedByRate(rates, factor, (params as Numbers)['minimum_hosts']) });
  },

  'can one dead host be caught by success rate?': ({ params, input, expected }) => {
    const factor = (params as Numbers)['stdev_factor']!;
    const rates = Array.from({ length: (input as { hosts: number }).hosts }, (_, host) => (host === 0 ? 0 : 100));
    const { threshold } = rounded(successRateBounds(rates, factor), 6);
    return same(expected, { threshold, ejected: ejectedByRate(rates, factor, 1).length > 0 });
  },

  'maximum simultaneously ejectable hosts': ({ params, input, expected }) => {
    const { hosts } = input as { hosts: number };
    const maxEjectionPercent = (params as Numbers)['max_ejection_percent']!;
    const envoy = { ...ALONE, maxEjectionPercent, enforcing5xx: 100, consecutive5xx: 1 };
    const outAtOnce = (options: OutlierDetectionOptions): number => {
      const pool = new JudgedPool(outlierDetection(options), hosts);
      return pool.views.filter((_, host) => pool.answer(host, 500) === 'unhealthy').length;
    };
    return same(expected, {
      envoy: outAtOnce(envoy),
      envoy_always_eject_one_host: outAtOnce({ ...envoy, alwaysEjectOne: true }),
      grpc: flagged(
        Array.from({ length: hosts }, () => [1, 1] as const),
        {
          form: 'grpc',
          maxEjectionPercent,
          failureMinimumHosts: 1,
          failureVolume: 1,
        },
      ).length,
    });
  },

  'ejection time back-off': ({ params, input, expected }) => {
    const { consecutive_ejections: count } = input as { consecutive_ejections: number };
    const pool = ejecting(params as Numbers);
    return same(
      expected,
      Array.from({ length: count }, () => {
        pool.answer(0, 500);
        return pool.backAfterUs(0, SECOND_US) / SECOND_US;
      }),
    );
  },

  'ejection multiplier decay': ({ params, input, expected }) => {
    const baseS = (params as Numbers)['base_ejection_time_s']!;
    const everyUs = (params as Numbers)['interval_s']! * SECOND_US;
    // What the multiplier is shows in how long the next ejection would last: one more than it.
    const got = (input as string[]).map((event, place, events) => {
      const pool = ejecting(params as Numbers);
      let lastsS = 0;
      for (const earlier of events.slice(0, place + 1)) lastsS = play(pool, earlier, everyUs);
      if (event === 'eject') return { event, multiplier: lastsS / baseS, ejection_s: lastsS };
      return { event, multiplier: play(pool, 'eject', everyUs) / baseS - 1 };
    });
    return same(expected, got);
  },

  'failure percentage comparison at threshold 85': compareFailures,
  'failure percentage comparison': compareFailures,

  'consecutive 5xx': (row) => runOf(row, 'consecutive_5xx', (run) => ({ consecutive5xx: run, enforcing5xx: 100 })),
  'consecutive gateway failure': (row) =>
    runOf(row, 'consecutive_gateway_failure', (run) => ({ consecutiveGateway: run, enforcingGateway: 100 })),
};

function compareFailures({ params, input, expected }: VectorRow): Finding {
  const { threshold, minimum_hosts = 5, request_volume = 50 } = params as Numbers;
  const { failures, total } = input as { failures: number; total: number };
  // The others have the volume and no failures.
  const hosts = Array.from({ length: minimum_hosts }, (_, host) => [host === 0 ? failures : 0, total] as const);
  const flags = (form: 'envoy' | 'grpc') =>
    flagged(hosts, {
      form,
      failurePercentage: threshold!,
      failureMinimumHosts: minimum_hosts,
      failureVolume: request_volume,
    }).includes(0);
  return same(expected, { envoy_flags: flags('envoy'), grpc_flags: flags('grpc') });
}

function runOf(
  { params, input, expected }: VectorRow,
  name: string,
  optionsOf: (run: number) => OutlierDetectionOptions,
): Finding {
  const { status_codes: codes } = input as { status_codes: number[] };
  const policy = outlierDetection({ ...ALONE, ...optionsOf((params as Numbers)[name]!) });
  const pool = new JudgedPool(policy, 1);
  const at = codes.findIndex((status) => pool.answer(0, status) === 'unhealthy');
  return same(expected, { ejected_on_response_index: at < 0 ? null : at });
}

/** Each host's failures and requests in one interval; those that are ejected for them. */
function flagged(
  hosts: readonly (readonly [failures: number, total: number])[],
  options: OutlierDetectionOptions,
): number[] {
  const pool = new JudgedPool(
    outlierDetection({ ...ALONE, enforcingFailurePercentage: 100, ...options }),
    hosts.length,
  );
  tell(pool, hosts);
  return pool.at(10 * SECOND_US).sweep('unhealthy');
}

function ejectedByRate(rates: readonly number[], factor: number, minimumHosts = 5): number[] {
  const policy = outlierDetection({
    ...ALONE,
    enforcingSuccessRate: 100,
    successRateFactor: factor,
    successRateMinimumHosts: minimumHosts,
    successRateVolume: 100,
  });
  const pool = new JudgedPool(policy, rates.length);
  const total = rates.every(Number.isInteger) ? 100 : 100_000;
  tell(
    pool,
    rates.map((rate) => [Math.round((total * (100 - rate)) / 100), total]),
  );
  return pool.at(10 * SECOND_US).sweep('unhealthy');
}

function tell(pool: JudgedPool, hosts: readonly (readonly [failures: number, total: number])[]): void {
  for (const [host, [failures, total]] of hosts.entries()) {
    for (let request = 0; request < total; request++) pool.answer(host, request < failures ? 500 : 200);
  }
}

/** One host that each answer of 500 ejects. */
function ejecting({ base_ejection_time_s, max_ejection_time_s }: Numbers): JudgedPool {
  const policy = outlierDetection({
    ...ALONE,
    consecutive5xx: 1,
    enforcing5xx: 100,
    baseEjectionUs: base_ejection_time_s! * SECOND_US,
    maxEjectionUs: max_ejection_time_s! * SECOND_US,
  });
  return new JudgedPool(policy, 1);
}

/** Ejects and waits for the return, answering how many seconds that took; or lets an interval pass. */
function play(pool: JudgedPool, event: string, everyUs: number): number {
  if (event === 'eject') {
    pool.answer(0, 500);
    return pool.backAfterUs(0, everyUs) / SECOND_US;
  }
  pool.at(pool.nowUs + everyUs).sweep('healthy');
  return 0;
}

/** As the vectors are printed. */
function rounded<Names extends string>(
  values: Readonly<Record<Names, number>>,
  decimals: number,
): Record<Names, number> {
  const entries = Object.entries<number>(values).map(([name, value]) => [name, Number(value.toFixed(decimals))]);
  return Object.fromEntries(entries) as Record<Names, number>;
}
