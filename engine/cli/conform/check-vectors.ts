import { BELIEVED } from '../../balancer/roster.ts';
import { consecutiveFailures } from '../../health/consecutive-failures.ts';
import { failureAccrual } from '../../health/failure-accrual.ts';
import { haproxyCheck } from '../../health/haproxy-check.ts';
import { nginxMaxFails } from '../../health/nginx-max-fails.ts';
import type { HealthPolicy } from '../../core/policy.ts';
import type { Finding, VectorRow } from './finding.ts';
import { same } from './finding.ts';
import { Stage } from './health-stage.ts';
import { JudgedPool } from './judged-pool.ts';

type Numbers = Readonly<Record<string, number>>;
const SECOND_US = 1_000_000;
const ALMOST_ONE = 1 - 2 ** -53;

export const checkVectors: Readonly<Record<string, (row: VectorRow) => Finding>> = {
  'check state machine': ({ params, input, expected }) => {
    const { fall, rise } = params as Numbers;
    const { initial, checks } = input as { initial: string; checks: string };
    const pool = new JudgedPool(haproxyCheck({ fall: fall!, rise: rise! }), 1);
    // A new backend stands at the border: what it takes to be firmly what the vector starts from.
    if (initial === 'UP') pool.probe(0, true);
    else if (initial === 'DOWN') pool.probe(0, false);
    const verdicts = Array.from(checks, (check) => pool.probe(0, check === 'P'));
    const numberOf = (verdict: string) => {
      const at = verdicts.findIndex((given) => given === verdict);
      return at < 0 ? null : at + 1;
    };
    return same(expected, {
      down_after_check_number: numberOf('unhealthy'),
      up_after_check_number: numberOf('healthy'),
    });
  },

  'active check detection window': ({ params, input, expected }) => {
    const window = windowOf(params as Numbers, (input as { failure: string }).failure);
    return same(expected, window);
  },

  'passive detection exposure': ({ params, input, expected }) => {
    const { max_fails, fail_timeout_s, workers = 1 } = params as Numbers;
    const { rps, share_of_failed_peer } = input as Numbers;
    const policy = nginxMaxFails({ maxFails: max_fails!, failTimeoutUs: fail_timeout_s! * SECOND_US });
    const pool = new JudgedPool(policy, 2);
    const everyUs = SECOND_US / (rps! * share_of_failed_peer!);
    let hits = 0;
    do pool.at(++hits * everyUs);
    while (pool.answer(0, 0) !== 'unhealthy' && hits < 1_000_000);
    const apart = params['workers_sharing_zone'] === false ? workers : 1;
    return same(
      expected,
      {
        [`requests_hitting_dead_peer_per_${fail_timeout_s}s_cycle`]: hits * apart,
        mean_time_to_detect_ms: pool.nowUs / 1_000,
      },
      1e-9,
    );
  },

  'check load on one backend': ({ params, input, expected }) => {
    const { checkers, interval_s } = params as Numbers;
    const { targets } = input as Numbers;
    const intervalUs = Math.round(interval_s! * SECOND_US);
    const rounds = 100;
    const stage = new Stage({ health: { intervalUs, timeoutUs: intervalUs } }, [{ name: 's1', weight: 1 }]);
    stage.at(rounds * intervalUs);
    const perSecond = (checkers! * stage.noted('probed', 's1').length) / (rounds * interval_s!);
    return same(expected, {
      checks_per_second_per_target: Number(perSecond.toFixed(6)),
      checks_per_second_total: Number((perSecond * targets!).toFixed(6)),
    });
  },

  'Linkerd consecutive-failure breaker schedule': ({ params, input, expected }) => {
    const { max_failures, min_penalty_s, max_penalty_s, jitter_ratio } = params as Numbers;
    const { failed_probe_number: numbers } = input as { failed_probe_number: number[] };
    const policy = () =>
      consecutiveFailures({
        maxFailures: max_failures!,
        minPenaltyUs: min_penalty_s! * SECOND_US,
        maxPenaltyUs: max_penalty_s! * SECOND_US,
        jitterRatio: jitter_ratio!,
      });
    const shortest = waits(policy(), max_failures!, Math.max(...numbers) + 1, 0);
    const longest = waits(policy(), max_failures!, 1, ALMOST_ONE);
    return same(expected, {
      base_wait_s: numbers.map((number) => shortest[number]),
      range_factor: [1, longest[0]! / shortest[0]!],
    });
  },

  'Finagle failure accrual markdown': ({ params, input, expected }) => {
    const { start_s, max_s } = params as Numbers;
    const { nth_markdown: numbers } = input as { nth_markdown: number[] };
    const policy = failureAccrual({ startUs: start_s! * SECOND_US, maxUs: max_s! * SECOND_US });
    const longest = waits(policy, 5, Math.max(...numbers), ALMOST_ONE);
    return same(expected, { upper_bound_s: numbers.map((number) => longest[number - 1]) });
  },
};

/** How many seconds a backend is out after each of so many failed probes, the first after `failures` in a row. */
function waits(policy: HealthPolicy, failures: number, count: number, draw: number): number[] {
  const pool = new JudgedPool(policy, 1, draw);
  for (let failure = 0; failure < failures; failure++) pool.answer(0, 500);
  return Array.from({ length: count }, () => {
    const waitedUs = pool.backAfterUs(0, policy.sweepEveryUs!);
    pool.answer(0, 500);
    return waitedUs / SECOND_US;
  });
}

/** The soonest and latest detection and recovery: a fault, and a repair, just before a probe is sent and just after. */
function windowOf(params: Numbers, failure: string): object {
  const intervalUs = Math.round(params['interval_s']! * SECOND_US);
  const timeoutUs = Math.round(params['timeout_s']! * SECOND_US);
  const fall = params['unhealthy_threshold']!;
  const rise = params['healthy_threshold']!;
  const refused = /refus|crash|close/.test(failure);

  const times = (beforeUs: number): [down: number, up: number] => {
    const policy = { name: 'thresholds', options: { fall, rise } };
    const schedule = timeoutUs > intervalUs ? 'after-result' : 'fixed';
    const stage = new Stage({ health: { intervalUs, timeoutUs, schedule, policy } }, [{ name: 's1', weight: 1 }]);
    const sentUs = stage.at(intervalUs).noted('probed', 's1').at(-1)!.atUs + intervalUs;
    const faultUs = sentUs - beforeUs;
    stage.at(faultUs).act({ do: refused ? 'crash' : 'hang', backend: 's1' });
    // Probes keep to their beat: the repair comes as far before one as the fault did.
    const repairUs = faultUs + (fall + 2) * intervalUs;
    stage.at(repairUs).act({ do: 'recover', backend: 's1' });
    stage.at(repairUs + (rise + 2) * intervalUs);
    const noted = stage.noted('health', 's1', faultUs);
    const down = noted.find(({ value }) => value === BELIEVED.unhealthy);
    const up = noted.find(({ value }) => value === BELIEVED.healthy);
    return [(down?.atUs ?? Infinity) - faultUs, (up?.atUs ?? Infinity) - repairUs];
  };
  // One microsecond before a probe it still meets that one; at the same microsecond, after it, it waits for the next.
  const [best, worst] = [times(1), times(0)];
  const seconds = (us: number) => Math.round(us / 1_000) / 1_000;
  return {
    best_case_s: seconds(best[0]),
    worst_case_s: seconds(worst[0]),
    recovery_best_s: seconds(best[1]),
    recovery_worst_s: seconds(worst[1]),
  };
}
