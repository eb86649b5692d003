import { slotOf } from '../core/backend.ts';
import type { Backend } from '../core/policy.ts';

/**
 * A policy broke its contract: it answered something that is no possible answer. Thrown through the run that asked it; the run can still be
 * read (frames, trace, tables), but does not go on. What a policy itself throws passes through unchanged.
 */
export class PolicyError extends Error {
  override name = 'PolicyError';
  readonly kind: PolicyErrorKind;
  readonly atUs: number;
  /** The request that was to be decided; 0 where the question was about no request. */
  readonly request: number;
  /** What came back, for people: `backend "s3"`, `the number 7`. */
  readonly returned: string;

  constructor(kind: PolicyErrorKind, atUs: number, request: number, answer: unknown) {
    const returned = describe(answer);
    const about = request === 0 ? '' : ` for request ${request}`;
    super(`${MESSAGE[kind].replace('%', returned)} It happened${about} at ${atUs} µs.`);
    this.kind = kind;
    this.atUs = atUs;
    this.request = request;
    this.returned = returned;
  }
}

export type PolicyErrorKind =
  'not-eligible' | 'not-a-backend' | 'no-such-pool' | 'not-a-health' | 'no-site' | 'not-a-ttl' | 'not-a-role';

const MESSAGE: Readonly<Record<PolicyErrorKind, string>> = {
  'not-eligible':
    'The picker answered % which is not in the list it was given. Answer one of `backends`, or undefined to decline.',
  'not-a-backend':
    'The picker answered % where a backend is expected. Answer one of `backends`, or undefined to decline.',
  'no-such-pool':
    'The router answered % which is not the id of a pool. Answer the id of a pool, or undefined for a 404.',
  'no-site': 'The resolver answered % where ids of sites are expected. Answer at least one id of `sites`.',
  'not-a-ttl': 'The resolver answered % as `ttlUs`. Answer whole microseconds, 0 or more.',
  'not-a-role':
    'The elector answered % where a role (initialize, backup or master) and a timer of 0 µs or more are expected.',
  'not-a-health': 'The health policy answered % where "healthy", "unhealthy" or undefined is expected.',
};

/** Names a value in a few words without running any of its code. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return typeof value;
  return slotOf(value) < 0 ? 'an object' : `backend "${(value as Backend).id}"`;
}
