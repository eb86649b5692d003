import type { Breach, Runs } from './check.ts';
import { costToClients } from './cost.ts';

/** What a check has to say about a decision, in the order of the message: what was chosen, what was better, what it cost. */
export interface Told {
  /** After "Wrong answer: ". */
  readonly title: string;
  readonly chose: string;
  readonly better: string;
  readonly request?: number;
  readonly limitUs?: number | undefined;
  readonly backends?: Breach['backends'];
  /** Absent: what it cost the clients. */
  readonly cost?: (runs: Runs) => string;
}

/** A breach at the moment of a decision. */
export function breachAt(moment: { readonly decision: number; readonly atUs: number }, told: Told): Breach {
  const { title, chose, better, request = 0, limitUs, backends, cost = costToClients } = told;
  return {
    title: `Wrong answer: ${title}`,
    decision: moment.decision,
    atUs: moment.atUs,
    request,
    chose,
    better,
    ...(limitUs !== undefined && { limitUs }),
    ...(backends && { backends }),
    cost,
  };
}
