import type { Problem } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';

type Health = NonNullable<Scenario['pools'][number]['health']>;

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
    if (health[name] === undefined || check === 'http' || check === 'readiness') continue;
    const mend = 'Leave it out, or set the check to "http".';
    complain(name, health[name], `none: a ${check} check reads no HTTP answer`, mend);
  }
  return problems;
}
