/**
 * HAProxy's check counter: one number from 0 to rise + fall - 1 for each backend. It is up from `rise` on. A pass adds one, a failure takes one; a failure that
 * leads below `rise` goes to 0, and a pass that leads to `rise` or above goes to the top. So it takes `fall` failures in a row to go down, `rise`
 * passes to come up, and one result the other way undoes the count. A new backend stands at `rise`, the border: its first failure takes it out.
 *
 * With `observe`, responses of real requests count as well: `errorLimit` errors in a row do what `onError` says: `fastinter` only asks for an
 * early probe, `fail-check` counts as a failed check, `sudden-death` as the last but one before it goes down, `mark-down` takes it out at once.
 * All four ask for an early probe. A check that passes forgets the errors. `layer4` sees broken connections, `layer7` also missing answers and statuses of 500 and above but 501 and 505.
 *
 * Cost: O(1) a signal, two numbers a backend.
 *
 * Fails when: the check is green and requests fail: `mark-down` then flaps, as `rise` passes bring the backend back, and `fail-check` and `sudden-death` do
 * nothing at all where error-limit requests take longer to fail than the interval between two passes.
 *
 * Source: HAProxy 2.6, `fall`, `rise`, `observe`, `error-limit`, `on-error` of its configuration manual; src/check.c.
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, Health, HealthPolicy, HealthSignal, Outcome } from '../core/policy.ts';

export interface HaproxyCheckOptions {
  readonly fall?: number;
  readonly rise?: number;
  readonly observe?: 'none' | 'layer4' | 'layer7';
  readonly errorLimit?: number;
  readonly onError?: 'fastinter' | 'fail-check' | 'sudden-death' | 'mark-down';
}

export function haproxyCheck({
  fall = 3,
  rise = 2,
  observe = 'none',
  errorLimit = 10,
  onError = 'fail-check',
}: HaproxyCheckOptions = {}): HealthPolicy & { counterOf(backend: Backend): number } {
  for (const [name, value] of Object.entries({ fall, rise, errorLimit })) {
    invariant(
      Number.isInteger(value) && value >= 1,
      `haproxy-check: ${name} must be a whole number of at least 1, found ${value}`,
    );
  }
  const top = rise + fall - 1;
  const states = new WeakMap<Backend, { counter: number; errors: number; suspect: boolean }>();

  function stateOf(backend: Backend) {
    let state = states.get(backend);
    if (state === undefined) states.set(backend, (state = { counter: rise, errors: 0, suspect: false }));
    return state;
  }

  function pass(counter: number): number {
    return counter + 1 >= rise ? top : counter + 1;
  }

  function fail(counter: number): number {
    return counter - 1 < rise ? 0 : counter - 1;
  }

  /** The counter after `errorLimit` errors in a row. */
  function punished(counter: number): number {
    switch (onError) {
      case 'fastinter':
        return counter;
      case 'fail-check':
        return fail(counter);
      case 'sudden-death':
        return fail(Math.min(counter, rise + 1));
      case 'mark-down':
        return 0;
    }
  }

  return {
    ...(observe !== 'none' && {
      hearsResponses: true,
      suspects: (backend: Backend) => stateOf(backend).suspect,
    }),
    counterOf: (backend) => stateOf(backend).counter,
    observe(backend, signal): Health | undefined {
      const state = stateOf(backend);
      const before = state.counter;
      state.suspect = false;
      if (signal.kind === 'probe') {
        state.counter = signal.ok ? pass(before) : fail(before);
        if (signal.ok) state.errors = 0;
      } else {
        const error = isError(signal, observe);
        if (error === undefined) return undefined;
        state.errors = error ? state.errors + 1 : 0;
        if (state.errors < errorLimit) return undefined;
        state.errors = 0;
        state.suspect = true;
        state.counter = punished(before);
      }
      const up = state.counter >= rise;
      if (up === before >= rise) return undefined;
      return up ? 'healthy' : 'unhealthy';
    },
  };
}

/** Is the response an error for who observes this layer? `undefined`: it says nothing there. */
function isError(
  { outcome }: Extract<HealthSignal, { kind: 'response' }>,
  observe: 'none' | 'layer4' | 'layer7',
): boolean | undefined {
  if (observe === 'none') return undefined;
  if (observe === 'layer4') return connectionFailed(outcome);
  const { status } = outcome;
  return status === 0 || (status >= 500 && status !== 501 && status !== 505);
}

function connectionFailed({ kind, status }: Outcome): boolean {
  return kind === 'refused' || (kind === 'timeout' && status === 0);
}
