import { readRegistration, shown, type Complaint, type Registration } from './registration.ts';

/**
 * The control plane: what an operator and an operator's tools say to a balancer, in HTTP and JSON.
 *
 * It is a function: a request and the state of the balancer go in, a response and the changes to make come out. Whoever
 * owns the balancer hands in a state and applies the changes before the next request. There are changes only when the
 * status is below 400, and a request is read as a whole before it changes anything: it happens entirely or not at all.
 *
 *   GET    /backends           every backend that is registered
 *   GET    /backends/{id}      one, with its counters and its last health change
 *   POST   /backends           register one
 *   DELETE /backends/{id}      deregister: requests in flight finish. With ?force=true they are cut off
 *   GET    /health             what the balancer believes about each backend
 *
 * Every response carries the version of the configuration as ETag. A writer that sends it back as If-Match is refused
 * with a 409 when somebody else changed the configuration in between. (RFC 9110, section 13.1.1, has 412 for that; admin
 * interfaces of balancers commonly call it a conflict, and so does this one.) The version counts changes of
 * configuration, not of health, so responses forbid caches to keep them.
 *
 * Times are seconds of simulated time since the start of the run.
 */

export interface ControlRequest {
  readonly method: string;
  /** With the query, for example "/backends/s1?force=true". */
  readonly path: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ControlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

export type BackendStatus = 'REGISTERED' | 'HEALTHY' | 'UNHEALTHY' | 'DRAINING' | 'DEREGISTERED';

/** A backend that is registered, as the balancer knows it. */
export interface ManagedBackend {
  readonly id: string;
  readonly pool: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly healthCheckPath: string;
  /** `REGISTERED` until a health check has judged it for the first time. */
  readonly status: BackendStatus;
  readonly activeConnections: number;
  readonly requestsCount: number;
  readonly errorCount: number;
  readonly consecutiveFailures: number;
  readonly lastHealthCheckAtUs?: number;
  readonly lastHealthChange?: { readonly atUs: number; readonly status: BackendStatus };
  readonly createdAtUs: number;
  readonly updatedAtUs: number;
}

export interface ControlState {
  readonly loadBalancerId: string;
  /** Of the configuration: 1 at the start of a run, one more with each change. */
  readonly version: number;
  readonly pools: readonly string[];
  readonly backends: readonly ManagedBackend[];
  /** Ids that were deregistered in this run. They are not given out again: counters and logs go by id. */
  readonly retired: readonly string[];
  /** Ids that are to join later in this run. */
  readonly reserved: readonly string[];
  readonly requestsPerSec: number;
}

export type Change =
  | { readonly kind: 'register'; readonly pool: string; readonly backend: Omit<Registration, 'pool'> }
  /** `cut`: break the requests in flight instead of letting them finish. */
  | { readonly kind: 'deregister'; readonly id: string; readonly cut: boolean };

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly changes?: readonly Change[];
}

export function handle(
  request: ControlRequest,
  state: ControlState,
): { readonly response: ControlResponse; readonly changes: readonly Change[] } {
  const { status, body, headers, changes = [] } = answer(request, state);
  return {
    response: {
      status,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        etag: `"${state.version + changes.length}"`,
        ...headers,
      },
      body: JSON.stringify(body),
    },
    changes,
  };
}

function answer(request: ControlRequest, state: ControlState): Answer {
  const [path = '', query = ''] = request.path.split('?', 2);
  const segments = path.split('/').filter((segment) => segment !== '');
  const [resource, id] = segments;

  if (resource === 'health' && segments.length === 1) {
    return byMethod(request, { GET: () => ok(health(state)) });
  }
  if (resource === 'backends' && segments.length === 1) {
    return byMethod(request, {
      GET: () => ok({ backends: state.backends.map(summary) }),
      POST: () => ifVersionMatches(request, state, () => register(request, state)),
    });
  }
  if (resource === 'backends' && id !== undefined && segments.length === 2) {
    return byMethod(request, {
      GET: () => withBackend(id, state, (backend) => ok(details(backend))),
      DELETE: () =>
        withBackend(id, state, (backend) => ifVersionMatches(request, state, () => deregister(backend, query))),
    });
  }
  return refused(404, {
    code: 'NO_SUCH_RESOURCE',
    message: `There is nothing at ${path === '' ? '/' : path}.`,
    remedy: 'Ask for /backends, /backends/{id} or /health.',
  });
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refused(status: number, ...errors: readonly Complaint[]): Answer {
  return { status, body: { errors } };
}

function byMethod(request: ControlRequest, methods: Readonly<Record<string, () => Answer>>): Answer {
  const method = request.method.toUpperCase();
  if (Object.hasOwn(methods, method)) return methods[method]!();
  const allow = Object.keys(methods).join(', ');
  const refusal = refused(405, {
    code: 'METHOD_NOT_ALLOWED',
    message: `${method} does nothing at ${request.path}.`,
    remedy: `Use ${allow}.`,
  });
  return { ...refusal, headers: { allow } };
}

function withBackend(id: string, state: ControlState, found: (backend: ManagedBackend) => Answer): Answer {
  const backend = state.backends.find((candidate) => candidate.id === id);
  if (backend !== undefined) return found(backend);
  const known = state.backends.map((candidate) => candidate.id).join(', ');
  return refused(404, {
    code: 'NO_SUCH_BACKEND',
    field: 'id',
    message: state.retired.includes(id) ? `${id} was deregistered.` : `No backend is called ${id}.`,
    remedy: known === '' ? 'Register one with POST /backends.' : `Use one of ${known}.`,
  });
}

function ifVersionMatches(request: ControlRequest, state: ControlState, go: () => Answer): Answer {
  const expected = request.headers?.['if-match']?.trim();
  if (expected === undefined || expected === '*' || expected === `"${state.version}"`) return go();
  return refused(409, {
    code: 'VERSION_CONFLICT',
    field: 'If-Match',
    message: `You expect version ${expected}; the configuration is at version "${state.version}".`,
    remedy: 'Read it again, decide again, and send the ETag of that answer as If-Match.',
  });
}

function health(state: ControlState): object {
  return {
    load_balancer_id: state.loadBalancerId,
    active_connections: state.backends.reduce((sum, backend) => sum + backend.activeConnections, 0),
    requests_per_sec: state.requestsPerSec,
    backend_health: Object.fromEntries(state.backends.map(({ id, status }) => [id, status])),
  };
}

function summary({ id, host, port, weight, status }: ManagedBackend): object {
  return { id, host, port, weight, status };
}

function details(backend: ManagedBackend): object {
  const change = backend.lastHealthChange;
  return {
    ...summary(backend),
    pool: backend.pool,
    health_check_path: backend.healthCheckPath,
    active_connections: backend.activeConnections,
    requests_count: backend.requestsCount,
    error_count: backend.errorCount,
    consecutive_failures: backend.consecutiveFailures,
    last_health_check_at: seconds(backend.lastHealthCheckAtUs),
    last_health_change: change === undefined ? null : { at: seconds(change.atUs), status: change.status },
    created_at: seconds(backend.createdAtUs),
    updated_at: seconds(backend.updatedAtUs),
  };
}

function seconds(us: number | undefined): number | null {
  return us === undefined ? null : us / 1_000_000;
}

function deregister(backend: ManagedBackend, query: string): Answer {
  const unknown = query.split('&').find((part) => part !== '' && !/^force=(true|false)$/.test(part));
  if (unknown !== undefined) {
    return refused(400, {
      code: 'INVALID_QUERY',
      field: unknown.split('=', 1)[0]!,
      message: `${unknown} is not understood.`,
      remedy: 'The only parameter is force, true or false.',
    });
  }
  const cut = query.split('&').includes('force=true');
  return {
    ...ok({ id: backend.id, status: 'DEREGISTERED' satisfies BackendStatus }),
    changes: [{ kind: 'deregister', id: backend.id, cut }],
  };
}

function register(request: ControlRequest, state: ControlState): Answer {
  const type = (request.headers?.['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json') {
    return refused(415, {
      code: 'UNSUPPORTED_MEDIA_TYPE',
      field: 'Content-Type',
      message: type === '' ? 'The request does not say what its body is.' : `The body is ${type}; this reads JSON.`,
      remedy: 'Send JSON with Content-Type: application/json.',
    });
  }
  const read = readRegistration(request.body ?? '');
  if ('complaints' in read) return refused(400, ...read.complaints);

  const { pool = state.pools[0]!, ...backend } = read.registration;
  const conflict = idConflict(backend.id, state);
  if (conflict !== undefined) {
    return refused(409, { code: 'DUPLICATE_ID', field: 'id', message: conflict, remedy: 'Choose another id.' });
  }
  if (!state.pools.includes(pool)) {
    return refused(422, {
      code: 'NO_SUCH_POOL',
      field: 'pool',
      message: `No pool is called ${shown(pool)}.`,
      remedy: `Use one of ${state.pools.join(', ')}.`,
    });
  }
  return {
    status: 201,
    body: { id: backend.id, status: 'REGISTERED' satisfies BackendStatus },
    headers: { location: `/backends/${backend.id}` },
    changes: [{ kind: 'register', pool, backend }],
  };
}

/** Why a backend cannot have this id, if it cannot. */
function idConflict(id: string, state: ControlState): string | undefined {
  if (state.backends.some((backend) => backend.id === id)) return `${id} is registered already.`;
  if (state.retired.includes(id)) return `${id} was deregistered in this run, and its counters stay its own.`;
  if (state.reserved.includes(id)) return `${id} joins later in this run.`;
  return undefined;
}
