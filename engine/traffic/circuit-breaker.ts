/**
 * A circuit breaker with three states, one for each backend. Closed: requests pass; it opens when of at least `minimum` requests of the last `windowUs` a share
 * of `failureShare` failed. Open: nothing goes there for `openUs`. Half-open: one request tries; if it is served well the breaker closes, else it opens again.
 *
 * Cost: O(1) a request, O(slots) to judge; ten slots for each backend.
 * Fails when: the share of failures that opens it is normal for the traffic, or a pool is small: an open breaker moves its load to the others.
 * Source: Nygard, "Release It!" (2007); Hystrix (10 s in ten buckets, 20 requests, 50 %, 5 s asleep, one trial); Traefik's recovers by a ramp instead of a
 * single trial; Envoy calls its limits on requests circuit breakers (circuit-limits.ts) and this outlier detection.
 */
import type { Backend, BreakerPolicy, BreakerState, Outcome } from '../core/policy.ts';

export interface BreakerOptions {
  readonly windowUs: number;
  readonly minimum: number;
  readonly failureShare: number;
  readonly openUs: number;
}

const SLOTS = 10;

interface Circuit {
  state: BreakerState;
  /** When it opened. */
  openedUs: number;
  readonly ended: Float64Array;
  readonly failed: Float64Array;
  /** The slot written last, counted from the start of the run. */
  slot: number;
}

export function circuitBreaker({ windowUs, minimum, failureShare, openUs }: BreakerOptions): BreakerPolicy {
  const circuits = new Map<Backend, Circuit>();
  const slotUs = windowUs / SLOTS;

  function circuitOf(backend: Backend): Circuit {
    let circuit = circuits.get(backend);
    if (circuit === undefined) {
      circuit = {
        state: 'closed',
        openedUs: 0,
        ended: new Float64Array(SLOTS),
        failed: new Float64Array(SLOTS),
        slot: 0,
      };
      circuits.set(backend, circuit);
    }
    return circuit;
  }

  function count(circuit: Circuit, isFailure: boolean, nowUs: number): void {
    const slot = Math.floor(nowUs / slotUs);
    for (let n = Math.max(circuit.slot + 1, slot - SLOTS + 1); n <= slot; n++) {
      circuit.ended[n % SLOTS] = 0;
      circuit.failed[n % SLOTS] = 0;
    }
    circuit.slot = slot;
    circuit.ended[slot % SLOTS]!++;
    if (isFailure) circuit.failed[slot % SLOTS]!++;
  }

  function open(circuit: Circuit, nowUs: number): void {
    circuit.state = 'open';
    circuit.openedUs = nowUs;
  }

  return {
    state(backend, ctx) {
      const circuit = circuitOf(backend);
      if (circuit.state === 'open' && ctx.nowUs - circuit.openedUs >= openUs) circuit.state = 'half-open';
      return circuit.state;
    },
    observe(backend, outcome, ctx) {
      const circuit = circuitOf(backend);
      const isFailure = hasFailed(outcome);
      if (circuit.state === 'half-open') {
        if (isFailure) open(circuit, ctx.nowUs);
        else {
          circuit.state = 'closed';
          circuit.ended.fill(0);
          circuit.failed.fill(0);
        }
        return;
      }
      if (circuit.state === 'open') return;
      count(circuit, isFailure, ctx.nowUs);
      const ended = sum(circuit.ended);
      if (ended >= minimum && sum(circuit.failed) >= failureShare * ended) open(circuit, ctx.nowUs);
    },
  };
}

function hasFailed({ kind, status }: Outcome): boolean {
  return kind !== 'served' || status >= 500;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
