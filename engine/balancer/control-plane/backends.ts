/** /backends: register, look up, change, drain and deregister. */
import { ID_REMEDY, isId, isPath, isWhole, shown, withBody } from './fields.ts';
import type { Body, Fields } from './fields.ts';
import { created, ok, readQuery, refused } from './http.ts';
import type { Answer, ControlRequest } from './http.ts';
import type { BackendStatus, Change, ControlState, ManagedBackend, Registration } from './state.ts';

const WEIGHT = {
  accepts: (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1000,
  remedy: 'Give it a number from 0 to 1000, or leave it out for 1. A backend of weight 0 gets no new clients.',
};
const MAX_CONNECTIONS = {
  accepts: (value: unknown) => value === null || isWhole(value, 1, 1_000_000),
  remedy: 'Give it a whole number from 1 to 1,000,000, or null for no bound.',
};

/** What describes a backend, in a registration and in a whole configuration. */
export const BACKEND_FIELDS: Fields = {
  id: { required: true, accepts: isId, remedy: ID_REMEDY },
  host: {
    required: true,
    accepts: (value) => typeof value === 'string' && /^[A-Za-z0-9.:-]{1,253}$/.test(value),
    remedy: 'Give it a host name or an address, for example "10.0.1.1".',
  },
  port: {
    required: true,
    accepts: (value) => isWhole(value, 1, 65_535),
    remedy: 'Give it a whole number from 1 to 65535.',
  },
  weight: WEIGHT,
  health_check_path: {
    accepts: isPath,
    remedy: 'Give it a path that starts with /, or leave it out for "/health".',
  },
  max_connections: MAX_CONNECTIONS,
};

const REGISTRATION_FIELDS: Fields = {
  ...BACKEND_FIELDS,
  pool: {
    accepts: (value) => typeof value === 'string',
    remedy: 'Give it the id of a target group, or leave it out for the first.',
  },
};

const EXAMPLE = '{"id":"web-1","host":"10.0.1.1","port":8080}';
const LONGEST_DRAIN_SEC = 3600;

export function listBackends(state: ControlState): Answer {
  return ok({ backends: state.backends.map(summary) });
}

export function backendDetails(backend: ManagedBackend): Answer {
  const change = backend.lastHealthChange;
  return ok({
    ...summary(backend),
    pool: backend.pool,
    health_check_path: backend.healthCheckPath,
    max_connections: backend.maxConnections ?? null,
    active_connections: backend.activeConnections,
    requests_count: backend.requestsCount,
    error_count: backend.errorCount,
    consecutive_failures: backend.consecutiveFailures,
    last_health_check_at: seconds(backend.lastHealthCheckAtUs),
    last_health_change: change === undefined ? null : { at: seconds(change.atUs), status: change.status },
    created_at: seconds(backend.createdAtUs),
    updated_at: seconds(backend.updatedAtUs),
  });
}

export function register(request: ControlRequest, state: ControlState): Answer {
  return withBody(request, REGISTRATION_FIELDS, EXAMPLE, (body) => {
    const backend = registrationOf(body);
    const pool = (body.pool as string | undefined) ?? state.targetGroups[0]!.id;
    const conflict = idConflict(backend.id, state);
    if (conflict !== undefined) {
      return refused(409, { code: 'DUPLICATE_ID', field: 'id', message: conflict, remedy: 'Choose another id.' });
    }
    const groups = state.targetGroups.map(({ id }) => id);
    if (!groups.includes(pool)) {
      return refused(422, {
        code: 'NO_SUCH_POOL',
        field: 'pool',
        message: `No pool is called ${shown(pool)}.`,
        remedy: `Use one of ${groups.join(', ')}.`,
      });
    }
    const answer = { id: backend.id, status: 'REGISTERED' satisfies BackendStatus };
    return created(answer, `/backends/${backend.id}`, { kind: 'register', pool, backend });
  });
}

export function patch(request: ControlRequest, backend: ManagedBackend, state: ControlState): Answer {
  const fields: Fields = { weight: WEIGHT, max_connections: MAX_CONNECTIONS };
  return withBody(request, fields, '{"weight":2}', ({ weight, max_connections: most }) => {
    if (weight === undefined && most === undefined) {
      const remedy = 'Send weight, max_connections or both.';
      return refused(400, { code: 'NOTHING_TO_CHANGE', message: 'The body changes nothing.', remedy });
    }
    if (
      weight === 0 &&
      !state.backends.some(({ id, pool, ...other }) => weighsBeside(id, pool, other.weight, backend))
    ) {
      return refused(400, {
        code: 'ZERO_TOTAL_WEIGHT',
        field: 'weight',
        message: `With ${backend.id} at 0 no backend of ${backend.pool} would have a weight.`,
        remedy: 'Give another backend a weight above 0 first, or drain this one.',
      });
    }
    const { id } = backend;
    const changes: Change[] = [];
    if (weight !== undefined) changes.push({ kind: 'set-weight', id, weight: weight as number });
    if (most !== undefined) {
      changes.push({ kind: 'set-max-connections', id, maxConnections: most as number | null });
    }
    const { maxConnections: _, ...unbounded } = backend;
    const changed = {
      ...(most === null ? unbounded : backend),
      ...(weight !== undefined && { weight: weight as number }),
      ...(typeof most === 'number' && { maxConnections: most }),
    };
    return { ...backendDetails(changed), changes };
  });
}

export function drain(request: ControlRequest, backend: ManagedBackend): Answer {
  const fields: Fields = {
    timeout_sec: {
      accepts: (value) => typeof value === 'number' && value > 0 && value <= LONGEST_DRAIN_SEC,
      remedy: `Give it seconds above 0 and up to ${LONGEST_DRAIN_SEC}, or leave it out to wait as long as it takes.`,
    },
  };
  const go = ({ timeout_sec: timeoutSec }: Body): Answer => ({
    status: 202,
    body: {
      id: backend.id,
      status: 'DRAINING' satisfies BackendStatus,
      active_connections: backend.activeConnections,
    },
    changes: [
      {
        kind: 'drain',
        id: backend.id,
        timeoutUs: timeoutSec === undefined ? null : Math.round((timeoutSec as number) * 1_000_000),
      },
    ],
  });
  return withBody(request, fields, '{"timeout_sec":30}', go, true);
}

export function deregister(backend: ManagedBackend, query: string): Answer {
  const read = readQuery(query, { force: /^(true|false)$/ });
  if ('refusal' in read) return read.refusal;
  const change: Change = { kind: 'deregister', id: backend.id, cut: read.values.force === 'true' };
  return ok({ id: backend.id, status: 'DEREGISTERED' satisfies BackendStatus }, [change]);
}

/** Each field was accepted before. */
export function registrationOf(body: Body): Registration {
  const most = body.max_connections as number | null | undefined;
  return {
    id: body.id as string,
    host: body.host as string,
    port: body.port as number,
    weight: (body.weight as number | undefined) ?? 1,
    healthCheckPath: (body.health_check_path as string | undefined) ?? '/health',
    ...(typeof most === 'number' && { maxConnections: most }),
  };
}

/** Why a backend cannot have this id, if it cannot. */
export function idConflict(id: string, state: ControlState): string | undefined {
  if (state.backends.some((backend) => backend.id === id)) return `${id} is registered already.`;
  if (state.retired.includes(id)) return `${id} was deregistered in this run, and its counters stay its own.`;
  if (state.reserved.includes(id)) return `${id} joins later in this run.`;
  return undefined;
}

function weighsBeside(id: string, pool: string, weight: number, backend: ManagedBackend): boolean {
  return id !== backend.id && pool === backend.pool && weight > 0;
}

function summary({ id, host, port, weight, status }: ManagedBackend): object {
  return { id, host, port, weight, status };
}

function seconds(us: number | undefined): number | null {
  return us === undefined ? null : us / 1_000_000;
}
