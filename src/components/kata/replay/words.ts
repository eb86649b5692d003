import { BELIEVED, type ScenarioVerdict } from '../../../../engine/index.ts';
import { formatUs } from '../../chart/format.ts';
import type { Cast } from '../../lesson/cast.ts';
import type { Decision } from './model.ts';

/** A decision as a sentence without its full stop; what a screen reader hears when stepping. */
export function decisionWords(decision: Decision, cast: Cast, index: number, of: number): string {
  const backend = cast.backends[decision.backend]?.id ?? 'none';
  const place = `Decision ${index + 1} of ${of}, at ${formatUs(decision.atUs)}`;
  if (decision.kind === 'pick') {
    if (decision.backend < 0) return `${place}: request ${decision.request} was declined`;
    return `${place}: request ${decision.request} goes to ${backend}`;
  }
  const probe = `${place}: the probe of ${backend} ${decision.passed ? 'passed' : 'failed'}`;
  if (decision.judged === undefined) return `${probe} and your policy changes nothing`;
  return `${probe} and your policy says ${decision.judged === BELIEVED.healthy ? 'healthy' : 'unhealthy'}`;
}

/** Behind the last decision that came to an end, where the next one came to none; else empty. */
export function brokenOffWords({ failure, brokenOffUs }: ScenarioVerdict): string {
  if (brokenOffUs === undefined || !failure) return '';
  const where = failure.line === undefined ? '' : `, on line ${failure.line}`;
  return ` The next one, at ${formatUs(failure.when?.atUs ?? brokenOffUs)}${where}, came to no end.`;
}

/** What the learner's line did, in few words. */
export function lineWords(decision: Decision, cast: Cast): string {
  const backend = cast.backends[decision.backend]?.id;
  const at = `at ${formatUs(decision.atUs)}`;
  if (decision.kind === 'pick') return backend === undefined ? `declined ${at}` : `chose ${backend} ${at}`;
  if (decision.judged === undefined) return `left ${backend ?? 'it'} as it was ${at}`;
  return `said ${decision.judged === BELIEVED.healthy ? 'healthy' : 'unhealthy'} of ${backend ?? 'it'} ${at}`;
}
