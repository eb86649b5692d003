/**
 * The control plane: what an operator and an operator's tools say to a balancer, in HTTP and JSON.
 *
 * It is a function: a request and the state of the balancer go in, a response and the changes to make come out. Whoever
 * owns the balancer hands in a state and applies the changes before the next request. There are changes only when the
 * status is below 400, and a request is read as a whole before it changes anything: it happens entirely or not at all. The data plane needs none of
 * this to go on.
 *
 *   GET    /backends                          every backend that is registered
 *   GET    /backends/{id}                     one, with its counters and its last health change
 *   POST   /backends                          register one
 *   PATCH  /backends/{id}                     change its weight or its bound on connections
 *   POST   /backends/{id}/drain               no new clients; after timeout_sec what is left is cut off
 *   DELETE /backends/{id}                     deregister: requests in flight finish. With ?force=true they are cut off
 *   GET, POST, DELETE /routing-rules[/{id}]   which requests go to which backends, by which algorithm
 *   GET, POST /target-groups                  backends that share an algorithm and health checks
 *   PUT    /target-groups/{id}/health-check
 *   GET, POST, DELETE /listeners[/{id}]       ports, and the target group that takes what no rule does
 *   GET    /health                            what the balancer believes about each backend
 *   GET    /metrics                           Prometheus text
 *   GET, PUT /config                          the whole configuration, versioned
 *
 * Every response carries the version of the configuration as ETag. A writer that sends it back as If-Match is refused
 * with a 409 when somebody else changed the configuration in between. (RFC 9110, section 13.1.1, has 412 for that; admin
 * interfaces of balancers commonly call it a conflict, and so does this one.) The version counts changes of
 * configuration, not of health, so responses forbid caches to keep them.
 *
 * Times are seconds of simulated time since the start of the run.
 */
import { backendDetails, deregister, drain, listBackends, patch, register } from './backends.ts';
import { getConfig, putConfig } from './config.ts';
import { byMethod, ifVersionMatches, ok, refused } from './http.ts';
import type { Answer, ControlRequest, ControlResponse } from './http.ts';
import {
  addGroup,
  addListener,
  addRule,
  listGroups,
  listListeners,
  listRules,
  notFound,
  putHealthCheck,
  removeListener,
  removeRule,
} from './routing.ts';
import type { Change, ControlState, ManagedBackend } from './state.ts';

export function handle(
  request: ControlRequest,
  state: ControlState,
): { readonly response: ControlResponse; readonly changes: readonly Change[] } {
  const { status, body, headers, changes = [] } = answer(request, state);
  const plain = typeof body === 'string';
  return {
    response: {
      status,
      headers: {
        // The version of the text format that Prometheus documents.
        'content-type': plain ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
        'cache-control': 'no-store',
        etag: `"${state.version + changes.length}"`,
        ...headers,
      },
      body: plain ? body : JSON.stringify(body),
    },
    changes,
  };
}

function answer(request: ControlRequest, state: ControlState): Answer {
  const [path = '', query = ''] = request.path.split('?', 2);
  const segments = path.split('/').filter((segment) => segment !== '');
  const id = segments[1] ?? '';
  const write = (go: () => Answer) => () => ifVersionMatches(request, state, go);
  const ofBackend = (go: (backend: ManagedBackend) => Answer) => withBackend(id, state, go);
  const changing = (go: (backend: ManagedBackend) => Answer) => () =>
    ofBackend((backend) => ifVersionMatches(request, state, () => go(backend)));

  switch (segments.map((segment, index) => (index === 1 ? '{id}' : segment)).join('/')) {
    case 'backends':
      return byMethod(request, {
        GET: () => listBackends(state),
        POST: write(() => register(request, state)),
      });
    case 'backends/{id}':
      return byMethod(request, {
        GET: () => ofBackend(backendDetails),
        PATCH: changing((backend) => patch(request, backend, state)),
        DELETE: changing((backend) => deregister(backend, query)),
      });
    case 'backends/{id}/drain':
      return byMethod(request, { POST: changing((backend) => drain(request, backend)) });
    case 'routing-rules':
      return byMethod(request, { GET: () => listRules(state), POST: write(() => addRule(request, state)) });
    case 'routing-rules/{id}':
      return byMethod(request, { DELETE: write(() => removeRule(id, state)) });
    case 'target-groups':
      return byMethod(request, { GET: () => listGroups(state), POST: write(() => addGroup(request, state)) });
    case 'target-groups/{id}/health-check':
      return byMethod(request, { PUT: write(() => putHealthCheck(request, id, state)) });
    case 'listeners':
      return byMethod(request, { GET: () => listListeners(state), POST: write(() => addListener(request, state)) });
    case 'listeners/{id}':
      return byMethod(request, { DELETE: write(() => removeListener(id, state)) });
    case 'health':
      return byMethod(request, { GET: () => health(state) });
    case 'metrics':
      return byMethod(request, { GET: () => ok(state.metrics()) });
    case 'config':
      return byMethod(request, { GET: () => getConfig(state), PUT: write(() => putConfig(request, state)) });
    default:
      return refused(404, {
        code: 'NO_SUCH_RESOURCE',
        message: `There is nothing at ${path === '' ? '/' : path}.`,
        remedy: 'Ask for /backends, /routing-rules, /target-groups, /listeners, /health, /metrics or /config.',
      });
  }
}

function withBackend(id: string, state: ControlState, found: (backend: ManagedBackend) => Answer): Answer {
  const backend = state.backends.find((candidate) => candidate.id === id);
  if (backend !== undefined) return found(backend);
  if (!state.retired.includes(id)) {
    return notFound(
      'backend',
      id,
      state.backends.map((candidate) => candidate.id),
    );
  }
  const message = `${id} was deregistered.`;
  return refused(404, {
    code: 'NO_SUCH_BACKEND',
    field: 'id',
    message,
    remedy: 'Register a new one with POST /backends.',
  });
}

function health(state: ControlState): Answer {
  return ok({
    load_balancer_id: state.loadBalancerId,
    active_connections: state.backends.reduce((sum, backend) => sum + backend.activeConnections, 0),
    requests_per_sec: state.requestsPerSec,
    backend_health: Object.fromEntries(state.backends.map(({ id, status }) => [id, status])),
  });
}
