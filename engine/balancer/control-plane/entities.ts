/** Rules, target groups and listeners as JSON, out of JSON, and what of them cannot be. Shared by their own calls and by /config. */
import { ID_REMEDY, fieldComplaints, isId, isListOf, isObject, isPath, isWhole, shown } from './fields.ts';
import type { Body, Fields } from './fields.ts';
import type { Complaint } from './http.ts';
import type { ControlState, HealthCheck, Listener, RoutingRule, TargetGroup } from './state.ts';

/** What entities may refer to. */
export type Known = Pick<ControlState, 'algorithms' | 'targetGroups'> & { readonly backendIds: readonly string[] };

const PROTOCOLS = ['TCP', 'UDP', 'HTTP', 'HTTPS'] as const;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const ALGORITHM = {
  required: true,
  accepts: isText,
  remedy: 'Give it the name of an algorithm, for example "least_connections".',
} as const;
const BACKENDS = {
  required: true,
  accepts: (value: unknown) => isListOf(isText, value) && value.length > 0 && new Set(value).size === value.length,
  remedy: 'Give it a list of ids of backends, each once, for example ["web-1","web-2"].',
} as const;
const THRESHOLD = {
  required: true,
  accepts: (value: unknown) => isWhole(value, 1, 100),
  remedy: 'Give it a whole number from 1 to 100.',
} as const;
const SPAN = {
  required: true,
  accepts: (value: unknown) => typeof value === 'number' && value >= 0.001 && value <= 300,
  remedy: 'Give it seconds from 0.001 to 300.',
} as const;

export const RULE_FIELDS: Fields = {
  path_prefix: { required: true, accepts: isPath, remedy: 'Give it a path that starts with /, for example "/api".' },
  host: { accepts: isText, remedy: 'Give it a host name, or leave it out for any.' },
  headers: {
    accepts: (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string'),
    remedy: 'Give it an object of names and values, for example {"x-beta":"1"}, or leave it out.',
  },
  algorithm: ALGORITHM,
  backends: BACKENDS,
  session_sticky: { accepts: (value) => typeof value === 'boolean', remedy: 'Give it true or false.' },
  priority: {
    accepts: (value) => value === null || isWhole(value, 1, 50_000),
    remedy: 'Give it a whole number from 1 to 50000, the lower is asked first; or leave it out.',
  },
};

export const HEALTH_CHECK_FIELDS: Fields = {
  path: { accepts: isPath, remedy: 'Give it a path that starts with /, or leave it out for "/health".' },
  interval_sec: SPAN,
  timeout_sec: SPAN,
  healthy_threshold: THRESHOLD,
  unhealthy_threshold: THRESHOLD,
};

export const GROUP_FIELDS: Fields = {
  id: { required: true, accepts: isId, remedy: ID_REMEDY },
  backends: BACKENDS,
  algorithm: ALGORITHM,
  health_check: {
    accepts: (value) => value === null || isObject(value),
    remedy: 'Give it an object as for PUT /target-groups/{id}/health-check, or leave it out for no checks.',
  },
};

export const LISTENER_FIELDS: Fields = {
  protocol: {
    required: true,
    accepts: (value) => PROTOCOLS.includes(value as never),
    remedy: `Give it one of ${PROTOCOLS.join(', ')}.`,
  },
  port: {
    required: true,
    accepts: (value) => isWhole(value, 1, 65_535),
    remedy: 'Give it a whole number from 1 to 65535.',
  },
  default_target_group: { required: true, accepts: isText, remedy: 'Give it the id of a target group.' },
};

/** The readers below are for bodies whose fields were accepted. */
export function ruleOf(body: Body, ruleId: string): RoutingRule {
  const headers = body.headers as Readonly<Record<string, string>> | undefined;
  return {
    ruleId,
    pathPrefix: body.path_prefix as string,
    ...(body.host !== undefined && { host: body.host as string }),
    ...(headers !== undefined && {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    }),
    algorithm: pickerName(body.algorithm as string),
    backends: body.backends as readonly string[],
    sessionSticky: (body.session_sticky as boolean | undefined) ?? false,
    ...(typeof body.priority === 'number' && { priority: body.priority }),
  };
}

export function groupOf(body: Body): TargetGroup {
  return {
    id: body.id as string,
    algorithm: pickerName(body.algorithm as string),
    backends: body.backends as readonly string[],
    ...(isObject(body.health_check) && { healthCheck: healthCheckOf(body.health_check) }),
  };
}

export function healthCheckOf(body: Body): HealthCheck {
  return {
    path: (body.path as string | undefined) ?? '/health',
    intervalUs: Math.round((body.interval_sec as number) * 1_000_000),
    timeoutUs: Math.round((body.timeout_sec as number) * 1_000_000),
    healthyThreshold: body.healthy_threshold as number,
    unhealthyThreshold: body.unhealthy_threshold as number,
  };
}

export function listenerOf(body: Body, listenerId: string): Listener {
  return {
    listenerId,
    protocol: body.protocol as Listener['protocol'],
    port: body.port as number,
    defaultTargetGroup: body.default_target_group as string,
  };
}

export function ruleAsJson(rule: RoutingRule): Body {
  return {
    rule_id: rule.ruleId,
    path_prefix: rule.pathPrefix,
    ...(rule.host !== undefined && { host: rule.host }),
    ...(rule.headers !== undefined && { headers: rule.headers }),
    algorithm: apiName(rule.algorithm),
    backends: rule.backends,
    session_sticky: rule.sessionSticky,
    priority: rule.priority ?? null,
  };
}

export function groupAsJson(group: TargetGroup): Body {
  return {
    id: group.id,
    algorithm: apiName(group.algorithm),
    backends: group.backends,
    health_check: group.healthCheck === undefined ? null : healthCheckAsJson(group.healthCheck),
  };
}

export function healthCheckAsJson(check: HealthCheck): Body {
  return {
    path: check.path,
    interval_sec: check.intervalUs / 1_000_000,
    timeout_sec: check.timeoutUs / 1_000_000,
    healthy_threshold: check.healthyThreshold,
    unhealthy_threshold: check.unhealthyThreshold,
  };
}

export function listenerAsJson({ listenerId, protocol, port, defaultTargetGroup }: Listener): Body {
  return { listener_id: listenerId, protocol, port, default_target_group: defaultTargetGroup };
}

/** A probe that may outlive its interval would be judged after its successor. */
export function healthCheckComplaints(body: Body, within = ''): readonly Complaint[] {
  const complaints = fieldComplaints(body, HEALTH_CHECK_FIELDS, within);
  if (complaints.length > 0) return complaints;
  const { interval_sec: interval, timeout_sec: timeout } = body as Record<string, number>;
  if (timeout! <= interval!) return [];
  const message = `${within}timeout_sec (${timeout}) is longer than interval_sec (${interval}).`;
  return [{ code: 'INVALID_FIELD', field: `${within}timeout_sec`, message, remedy: 'Give it at most the interval.' }];
}

/** What a rule refers to that is not there. Backends that are missing are a 422, an algorithm is a 400. */
export function referenceComplaints(
  { algorithm, backends }: { readonly algorithm: string; readonly backends: readonly string[] },
  known: Known,
  within = '',
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (!known.algorithms.includes(algorithm)) {
    complaints.push({
      code: 'UNKNOWN_ALGORITHM',
      field: `${within}algorithm`,
      message: `No algorithm is called ${shown(apiName(algorithm))}.`,
      remedy: `Use one of ${known.algorithms.map(apiName).join(', ')}.`,
    });
  }
  for (const id of backends.filter((name) => !known.backendIds.includes(name))) {
    complaints.push({
      code: 'NO_SUCH_BACKEND',
      field: `${within}backends`,
      message: `No backend is called ${shown(id)}.`,
      remedy: known.backendIds.length === 0 ? 'Register one first.' : `Use some of ${known.backendIds.join(', ')}.`,
    });
  }
  return complaints;
}

export function listenerComplaints(listener: Listener, known: Known, within = ''): readonly Complaint[] {
  const ids = known.targetGroups.map(({ id }) => id);
  if (ids.includes(listener.defaultTargetGroup)) return [];
  return [
    {
      code: 'NO_SUCH_TARGET_GROUP',
      field: `${within}default_target_group`,
      message: `No target group is called ${shown(listener.defaultTargetGroup)}.`,
      remedy: `Use one of ${ids.join(', ')}.`,
    },
  ];
}

/** Do two rules match the same requests with nothing to say which comes first? */
export function sameMatch(a: RoutingRule, b: RoutingRule): boolean {
  const key = ({ pathPrefix, host = '', headers = {}, priority }: RoutingRule) =>
    JSON.stringify([pathPrefix, host, Object.entries(headers).sort(), priority]);
  return key(a) === key(b);
}

/** HTTP, HTTPS and TCP share the ports of TCP; UDP has its own. */
export function samePort(a: Listener, b: Listener): boolean {
  return a.port === b.port && (a.protocol === 'UDP') === (b.protocol === 'UDP');
}

/** "least_connections" of the API is the picker "least-connections"; either is understood. */
function pickerName(algorithm: string): string {
  return algorithm.replaceAll('_', '-');
}

function apiName(picker: string): string {
  return picker.replaceAll('-', '_');
}
