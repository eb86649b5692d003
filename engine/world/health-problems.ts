import type { Problem } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';

type Health = NonNullable<Scenario['pools'][number]['health']>;
type Policy = NonNullable<Scenario['pools'][number]['outlier']>;

/** What is wrong between settings of a health check that are right by themselves. */
export function healthProblems(health: Health, field: string): Problem[] {
  const { check, schedule, intervalUs, timeoutUs, fastIntervalUs, noTrafficIntervalUs, accept = [] } = health;
  const problems: Problem[] = [];
  const complain = (name: string, found: unknown, expected: string, mend: string) =>
    problems.push({ field: `${field}.${name}`, found: JSON.stringify(found), expected, mend });

  if (schedule === 'fixed' && timeoutUs > intervalUs) {
    const mend = 'Shorten it, or set the schedule to "after-result".';
    complain('timeoutUs', timeoutUs, `at most intervalUs, ${intervalUs}, or probes overlap`, mend);
  }
  if (fastIntervalUs !== undefined && fastIntervalUs > intervalUs) {
    complain('fastIntervalUs', fastIntervalUs, `at most intervalUs, ${intervalUs}`, 'Shorten it, or leave it out.');
  }
  if (noTrafficIntervalUs !== undefined && noTrafficIntervalUs < intervalUs) {
    const mend = 'Lengthen it, or leave it out.';
    complain('noTrafficIntervalUs', noTrafficIntervalUs, `at least intervalUs, ${intervalUs}`, mend);
  }
  for (const [index, [from, to]] of accept.entries()) {
    if (from > to) complain(`accept[${index}]`, [from, to], 'the lower status first', `Write [${to}, ${from}].`);
  }
  for (const name of ['accept', 'expectBody'] as const) {
    if (health[name] === undefined || check === 'http' || check === 'readiness' || check === 'deep') continue;
    const mend = 'Leave it out, or set the check to "http".';
    complain(name, health[name], `none: a ${check} check reads no HTTP answer`, mend);
  }
  return problems;
}

/** The option of a policy that must not be above another, and what that is when nothing is said. */
const ORDERED: Readonly<Record<string, readonly [low: string, lowUs: number, high: string, highUs: number]>> = {
  'consecutive-failures': ['minPenaltyUs', 1_000_000, 'maxPenaltyUs', 60_000_000],
  'failure-accrual': ['startUs', 5_000_000, 'maxUs', 300_000_000],
};

/** Which options of outlier detection are percentages. */
const PERCENT = /^(maxEjectionPercent|failurePercentage|failureMargin|enforcing.*)$/;

/** What is wrong between options of a passive judge that are right by themselves. */
export function outlierProblems({ name, options }: Policy, field: string): Problem[] {
  const problems: Problem[] = [];
  const complain = (option: string, expected: string, mend: string) =>
    problems.push({ field: `${field}.options.${option}`, found: JSON.stringify(options[option]), expected, mend });

  const ordered = Object.hasOwn(ORDERED, name) ? ORDERED[name] : undefined;
  if (ordered !== undefined) {
    const [low, lowUs, high, highUs] = ordered;
    const most = options[high] ?? highUs;
    if (Number(options[low] ?? lowUs) > Number(most)) {
      const named = low in options ? low : high;
      complain(named, `${low} at most ${high}`, `Shorten ${low}, or lengthen ${high}.`);
    }
  }
  if (name === 'nginx-max-fails' && 'maxFails' in options && !Number.isInteger(options['maxFails'])) {
    complain('maxFails', 'a whole number; 0 takes nobody out', 'Round it.');
  }
  if (name !== 'outlier-detection') return problems;
  for (const [option, value] of Object.entries(options)) {
    if (PERCENT.test(option) && Number(value) > 100) complain(option, 'a percentage, 0 to 100', 'Make it smaller.');
  }
  return problems;
}
