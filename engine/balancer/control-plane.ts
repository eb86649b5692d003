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
  | {
      readonly kind: 'register';
      readonly pool: string;
      readonly backend: {
        readonly id: string;
        readonly host: string;
        readonly port: number;
        readonly weight: number;
        readonly healthCheckPath: string;
      };
    }
  /** `cut`: break the requests in flight instead of letting them finish. */
  | { readonly kind: 'deregister'; readonly id: string; readonly cut: boolean };

/** Something wrong with a request: what, where, and how to mend it. */
interface Complaint {
  readonly code: string;
  readonly field?: string;
  readonly message: string;
  readonly remedy: string;
}

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

/** One field of a registration. `accepts` is asked only about values that are there. */
interface Field {
  readonly required: boolean;
  readonly accepts: (value: unknown) => boolean;
  readonly remedy: string;
}

const FIELDS: Readonly<Record<string, Field>> = {
  id: {
    required: true,
    accepts: (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(value),
    remedy: 'Give it 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.',
  },
  host: {
    required: true,
    accepts: (value) => typeof value === 'string' && /^[A-Za-z0-9.:-]{1,253}$/.test(value),
    remedy: 'Give it a host name or an address, for example "10.0.1.1".',
  },
  port: {
    required: true,
    accepts: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535,
    remedy: 'Give it a whole number from 1 to 65535.',
  },
  weight: {
    required: false,
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1000,
    remedy: 'Give it a number above 0 and up to 1000, or leave it out for 1.',
  },
  health_check_path: {
    required: false,
    accepts: (value) => typeof value === 'string' && /^\/[!-~]{0,1023}$/.test(value),
    remedy: 'Give it a path that starts with /, or leave it out for "/health".',
  },
  pool: {
    required: false,
    accepts: (value) => typeof value === 'string',
    remedy: 'Give it the name of a pool, or leave it out for the first.',
  },
};

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

  const body = parseJson(request.body ?? '');
  if ('complaint' in body) return refused(400, body.complaint);
  const complaints = fieldComplaints(body.fields);
  if (complaints.length > 0) return refused(400, ...complaints);

  const { id, host, port, weight = 1, health_check_path = '/health', pool = state.pools[0]! } = body.fields;
  const registration = { id, host, port, weight, healthCheckPath: health_check_path } as {
    id: string;
    host: string;
    port: number;
    weight: number;
    healthCheckPath: string;
  };
  const conflict = idConflict(registration.id, state);
  if (conflict !== undefined) return refused(409, conflict);
  if (!state.pools.includes(pool as string)) {
    return refused(422, {
      code: 'NO_SUCH_POOL',
      field: 'pool',
      message: `No pool is called ${shown(pool)}.`,
      remedy: `Use one of ${state.pools.join(', ')}.`,
    });
  }
  return {
    status: 201,
    body: { id: registration.id, status: 'REGISTERED' satisfies BackendStatus },
    headers: { location: `/backends/${registration.id}` },
    changes: [{ kind: 'register', pool: pool as string, backend: registration }],
  };
}

function parseJson(text: string): { fields: Readonly<Record<string, unknown>> } | { complaint: Complaint } {
  const example = '{"id":"web-1","host":"10.0.1.1","port":8080}';
  if (text.trim() === '') {
    return {
      complaint: { code: 'INVALID_JSON', message: 'The body is empty.', remedy: `Send, for example, ${example}` },
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      complaint: {
        code: 'INVALID_JSON',
        message: `The body is not JSON: ${(error as SyntaxError).message}.`,
        remedy: `Put names and text in double quotes, for example ${example}`,
      },
    };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { fields: value as Record<string, unknown> };
  }
  return {
    complaint: {
      code: 'INVALID_BODY',
      message: `The body is ${kindOf(value)}, not an object.`,
      remedy: `Send, for example, ${example}`,
    },
  };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function fieldComplaints(fields: Readonly<Record<string, unknown>>): readonly Complaint[] {
  const complaints: Complaint[] = [];
  for (const [name, field] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(fields, name)) {
      if (field.required) {
        complaints.push({ code: 'MISSING_FIELD', field: name, message: `${name} is missing.`, remedy: field.remedy });
      }
    } else if (!field.accepts(fields[name])) {
      const message = `${name} cannot be ${shown(fields[name])}.`;
      complaints.push({ code: 'INVALID_FIELD', field: name, message, remedy: field.remedy });
    }
  }
  for (const name of Object.keys(fields)) {
    if (Object.hasOwn(FIELDS, name)) continue;
    complaints.push({
      code: 'UNKNOWN_FIELD',
      field: name,
      message: `${name} is not a field.`,
      remedy: unknownRemedy(name),
    });
  }
  return complaints;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

function unknownRemedy(name: string): string {
  if (name === 'max_connections') return 'Leave it out: this balancer does not limit connections by backend.';
  return `Leave it out. The fields are ${Object.keys(FIELDS).join(', ')}.`;
}

function idConflict(id: string, state: ControlState): Complaint | undefined {
  if (state.backends.some((backend) => backend.id === id)) {
    return { code: 'DUPLICATE_ID', field: 'id', message: `${id} is registered already.`, remedy: 'Choose another id.' };
  }
  if (state.retired.includes(id)) {
    const message = `${id} was deregistered in this run, and its counters stay its own.`;
    return { code: 'DUPLICATE_ID', field: 'id', message, remedy: 'Choose another id.' };
  }
  if (state.reserved.includes(id)) {
    return {
      code: 'DUPLICATE_ID',
      field: 'id',
      message: `${id} joins later in this run.`,
      remedy: 'Choose another id.',
    };
  }
  return undefined;
}
