import { Clock, PolicyContext } from '../../../engine/balancer/context.ts';
import type { AdmissionPolicy, Backend, Request } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView } from '../../../engine/core/request.ts';
import type { RequestTemplate } from '../../../engine/core/request.ts';

const TEMPLATE: RequestTemplate = {
  client: 'c1',
  class: 'default',
  method: 'GET',
  host: 'example.test',
  path: '/',
  headers: {},
};

let made = 0;

/** A request of which only what a test is about has to be said; `user` gives it an address of its own. */
export function request(about: Partial<RequestTemplate> = {}, user = 0): RequestView {
  made += 1;
  return new RequestView(made, made, { ...TEMPLATE, ...about }, user);
}

export function contextAt(seed = 1): { readonly clock: Clock; readonly ctx: PolicyContext } {
  const clock = new Clock();
  return { clock, ctx: new PolicyContext(clock, new Prng(seed)) };
}

/** Asks a limit at one millisecond after another: `ok`, the milliseconds to wait as `+97`, or the Retry-After in milliseconds as `!100`. */
export function answers(
  limit: AdmissionPolicy,
  timesMs: readonly number[],
  of: (index: number) => Request = () => request(),
  backend?: Backend,
): string[] {
  const { clock, ctx } = contextAt();
  return timesMs.map((atMs, index) => {
    clock.nowUs = Math.round(atMs * 1_000);
    const answer = limit.admit(of(index), ctx, backend);
    if (answer === undefined) return 'ok';
    return typeof answer === 'number' ? `!${answer / 1_000}` : `+${answer.waitUs / 1_000}`;
  });
}

/** Times in milliseconds, evenly spaced. */
export function steady(rateRps: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 1_000) / rateRps);
}

export function shareLetIn(limit: AdmissionPolicy, timesMs: readonly number[]): number {
  return answers(limit, timesMs).filter((answer) => !answer.startsWith('!')).length / timesMs.length;
}
