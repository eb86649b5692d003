/** /routing-rules, /target-groups and /listeners: how requests find their backends. */
import {
  GROUP_FIELDS,
  groupAsJson,
  groupOf,
  HEALTH_CHECK_FIELDS,
  healthCheckAsJson,
  healthCheckComplaints,
  healthCheckOf,
  LISTENER_FIELDS,
  listenerAsJson,
  listenerComplaints,
  listenerOf,
  referenceComplaints,
  RULE_FIELDS,
  ruleAsJson,
  ruleOf,
  sameMatch,
  samePort,
} from './entities.ts';
import type { Known } from './entities.ts';
import { isObject, withBody } from './fields.ts';
import { created, ok, refused } from './http.ts';
import type { Answer, Complaint, ControlRequest } from './http.ts';
import type { Change, ControlState, Routing } from './state.ts';

export function listRules({ rules }: ControlState): Answer {
  return ok({ routing_rules: rules.map(ruleAsJson) });
}

export function addRule(request: ControlRequest, state: ControlState): Answer {
  const example = '{"path_prefix":"/api","algorithm":"least_connections","backends":["web-1"]}';
  return withBody(request, RULE_FIELDS, example, (body) => {
    const rule = ruleOf(body, nextId('rule', state.nextRule));
    const rival = state.rules.find((other) => sameMatch(other, rule));
    if (rival !== undefined) {
      return refused(409, {
        code: 'DUPLICATE_RULE',
        field: 'priority',
        message: `${rival.ruleId} matches the same requests with the same priority.`,
        remedy: 'Give one of them another priority, or delete it first.',
      });
    }
    return unless(referenceComplaints(rule, knownTo(state)), () =>
      created(
        { rule_id: rule.ruleId },
        `/routing-rules/${rule.ruleId}`,
        changed(state, { rules: [...state.rules, rule] }),
      ),
    );
  });
}

export function removeRule(id: string, state: ControlState): Answer {
  const rules = state.rules.filter(({ ruleId }) => ruleId !== id);
  if (rules.length < state.rules.length) return ok({ rule_id: id }, [changed(state, { rules })]);
  return notFound(
    'routing rule',
    id,
    state.rules.map(({ ruleId }) => ruleId),
  );
}

export function listGroups({ targetGroups }: ControlState): Answer {
  return ok({ target_groups: targetGroups.map(groupAsJson) });
}

export function addGroup(request: ControlRequest, state: ControlState): Answer {
  const example = '{"id":"canary","algorithm":"round_robin","backends":["web-1"]}';
  return withBody(request, GROUP_FIELDS, example, (body) => {
    const complaints = isObject(body.health_check) ? healthCheckComplaints(body.health_check, 'health_check.') : [];
    if (complaints.length > 0) return refused(400, ...complaints);
    const group = groupOf(body);
    if (state.targetGroups.some(({ id }) => id === group.id)) {
      const message = `${group.id} is a target group already.`;
      return refused(409, { code: 'DUPLICATE_ID', field: 'id', message, remedy: 'Choose another id.' });
    }
    const targetGroups = [...state.targetGroups, group];
    return unless(referenceComplaints(group, knownTo(state)), () =>
      created({ id: group.id }, `/target-groups/${group.id}`, changed(state, { targetGroups })),
    );
  });
}

export function putHealthCheck(request: ControlRequest, id: string, state: ControlState): Answer {
  const group = state.targetGroups.find((candidate) => candidate.id === id);
  if (group === undefined) {
    return notFound(
      'target group',
      id,
      state.targetGroups.map((known) => known.id),
    );
  }
  const example = '{"path":"/health","interval_sec":2,"timeout_sec":1,"healthy_threshold":2,"unhealthy_threshold":3}';
  return withBody(request, HEALTH_CHECK_FIELDS, example, (body) =>
    unless(healthCheckComplaints(body), () => {
      const healthCheck = healthCheckOf(body);
      const targetGroups = state.targetGroups.map((known) => (known === group ? { ...known, healthCheck } : known));
      return ok(healthCheckAsJson(healthCheck), [changed(state, { targetGroups })]);
    }),
  );
}

export function listListeners({ listeners }: ControlState): Answer {
  return ok({ listeners: listeners.map(listenerAsJson) });
}

export function addListener(request: ControlRequest, state: ControlState): Answer {
  const example = '{"protocol":"HTTP","port":80,"default_target_group":"web"}';
  return withBody(request, LISTENER_FIELDS, example, (body) => {
    const listener = listenerOf(body, nextId('listener', state.nextListener));
    const rival = state.listeners.find((other) => samePort(other, listener));
    if (rival !== undefined) {
      const message = `${rival.listenerId} listens on port ${listener.port} already.`;
      return refused(409, { code: 'PORT_TAKEN', field: 'port', message, remedy: 'Choose another port.' });
    }
    const listeners = [...state.listeners, listener];
    return unless(listenerComplaints(listener, knownTo(state)), () =>
      created({ listener_id: listener.listenerId }, `/listeners/${listener.listenerId}`, changed(state, { listeners })),
    );
  });
}

export function removeListener(id: string, state: ControlState): Answer {
  const listeners = state.listeners.filter(({ listenerId }) => listenerId !== id);
  if (listeners.length < state.listeners.length) return ok({ listener_id: id }, [changed(state, { listeners })]);
  return notFound(
    'listener',
    id,
    state.listeners.map(({ listenerId }) => listenerId),
  );
}

function knownTo(state: ControlState): Known {
  return { ...state, backendIds: state.backends.map(({ id }) => id) };
}

/** Refuses for the complaints: 422 where all of them are about something that is missing elsewhere, otherwise 400. */
export function unless(complaints: readonly Complaint[], go: () => Answer): Answer {
  if (complaints.length === 0) return go();
  return refused(complaints.every(({ code }) => code.startsWith('NO_SUCH')) ? 422 : 400, ...complaints);
}

export function notFound(what: string, id: string, known: readonly string[]): Answer {
  return refused(404, {
    code: `NO_SUCH_${what.toUpperCase().replaceAll(' ', '_')}`,
    field: 'id',
    message: `No ${what} is called ${id}.`,
    remedy: known.length === 0 ? 'There is none yet.' : `Use one of ${known.join(', ')}.`,
  });
}

function changed({ targetGroups, rules, listeners }: ControlState, change: Partial<Routing>): Change {
  return { kind: 'configure', routing: { targetGroups, rules, listeners, ...change } };
}

function nextId(what: string, number: number): string {
  return `${what}-${number}`;
}
