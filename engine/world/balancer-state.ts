import { BELIEVED } from '../balancer/roster.ts';
import { ROLE } from './node-states.ts';
import type { Tier } from './tier.ts';

/** A node of a tier as tables and figures show it. */
export interface BalancerState {
  readonly id: string;
  readonly zone: string;
  readonly region: string;
  /** Is it one of the tier now (no spare, not stopped)? */
  readonly inService: boolean;
  /** Does its machine run, and the balancer on it? */
  readonly isUp: boolean;
  readonly serves: boolean;
  readonly role: keyof typeof ROLE;
  /** Do packets to the tier's one address come to it? Always false where there is no such address. */
  readonly hasAddress: boolean;
  /** Requests it has sent to backends and not heard the end of. */
  readonly inFlight: number;
  /** What it acts on, by index of the backend. */
  readonly believed: readonly (keyof typeof BELIEVED)[];
  /** Its own count of requests in flight, alike. */
  readonly backendsInFlight: readonly number[];
}

export function balancerStates({ specs, states, nodes, holder }: Tier): BalancerState[] {
  return specs.map(({ id, zone, region }, index) => {
    const { balancer, views } = nodes[index]!;
    const backendsInFlight = views.map((_, backend) => balancer.inFlight(backend));
    return {
      id,
      zone,
      region,
      inService: states.inService.includes(index),
      isUp: states.isUp(index),
      serves: states.serves(index),
      role: nameOf(ROLE, states.roles[index]!),
      hasAddress: holder === index,
      inFlight: backendsInFlight.reduce((sum, count) => sum + count, 0),
      believed: views.map((_, backend) => nameOf(BELIEVED, balancer.belief(backend))),
      backendsInFlight,
    };
  });
}

function nameOf<Name extends string>(codes: Readonly<Record<Name, number>>, code: number): Name {
  return (Object.keys(codes) as Name[]).find((name) => codes[name] === code)!;
}
