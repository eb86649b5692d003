/** /config: the whole configuration out, and in again as one piece. What goes out can be put back: that is how state is exported and restored. */
import { BACKEND_FIELDS, idConflict, registrationOf } from './backends.ts';
import {
  GROUP_FIELDS,
  groupAsJson,
  groupOf,
  healthCheckComplaints,
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
import { fieldComplaints, isId, isListOf, isObject, isWhole, withBody } from './fields.ts';
import type { Body, Fields } from './fields.ts';
import { ok, refused } from './http.ts';
import type { Answer, Complaint, ControlRequest } from './http.ts';
import { unless } from './routing.ts';
import type { Change, ControlState, ManagedBackend, Registration, Routing } from './state.ts';

const LIST = {
  required: true,
  accepts: (value: unknown) => isListOf(isObject, value),
  remedy: 'Give it a list of objects, as GET /config has it.',
} as const;
const CONFIG_FIELDS: Fields = {
  version: {
    accepts: (value) => isWhole(value, 1, Number.MAX_SAFE_INTEGER),
    remedy: 'Give it the version you have read, or leave it out to overwrite whatever is there.',
  },
  backends: LIST,
  target_groups: LIST,
  routing_rules: LIST,
  listeners: LIST,
};
const NAMED = { required: true, accepts: isId, remedy: 'Give it the id it has in GET /config.' } as const;

export function getConfig(state: ControlState): Answer {
  return ok({
    version: state.version,
    backends: state.backends.map(backendAsJson),
    target_groups: state.targetGroups.map(groupAsJson),
    routing_rules: state.rules.map(ruleAsJson),
    listeners: state.listeners.map(listenerAsJson),
  });
}

export function putConfig(request: ControlRequest, state: ControlState): Answer {
  const example = 'the answer of GET /config';
  return withBody(request, CONFIG_FIELDS, example, (body) => {
    if (body.version !== undefined && body.version !== state.version) {
      return refused(409, {
        code: 'VERSION_CONFLICT',
        field: 'version',
        message: `You changed version ${body.version as number}; the configuration is at version ${state.version}.`,
        remedy: 'Read it again and change that, or leave the version out.',
      });
    }
    return unless(shapeComplaints(body), () => {
      const wanted = configOf(body);
      return unless(meaningComplaints(wanted, state), () => {
        const changes = changesTo(wanted, state);
        return ok({ version: state.version + changes.length }, changes);
      });
    });
  });
}

interface Config extends Routing {
  readonly backends: readonly Registration[];
}

function shapeComplaints(body: Body): readonly Complaint[] {
  const each = (list: string, fields: Fields): readonly Complaint[] =>
    (body[list] as readonly Body[]).flatMap((entry, index) => fieldComplaints(entry, fields, `${list}[${index}].`));
  const checks = (body.target_groups as readonly Body[]).flatMap(({ health_check: check }, index) =>
    isObject(check) ? healthCheckComplaints(check, `target_groups[${index}].health_check.`) : [],
  );
  return [
    ...each('backends', BACKEND_FIELDS),
    ...each('target_groups', GROUP_FIELDS),
    ...checks,
    ...each('routing_rules', { rule_id: NAMED, ...RULE_FIELDS }),
    ...each('listeners', { listener_id: NAMED, ...LISTENER_FIELDS }),
  ];
}

function configOf(body: Body): Config {
  const list = (name: string) => body[name] as readonly Body[];
  return {
    backends: list('backends').map(registrationOf),
    targetGroups: list('target_groups').map(groupOf),
    rules: list('routing_rules').map((rule) => ruleOf(rule, rule.rule_id as string)),
    listeners: list('listeners').map((listener) => listenerOf(listener, listener.listener_id as string)),
  };
}

function meaningComplaints(wanted: Config, state: ControlState): readonly Complaint[] {
  const backendIds = wanted.backends.map(({ id }) => id);
  const known = { algorithms: state.algorithms, targetGroups: wanted.targetGroups, backendIds };
  const { targetGroups, rules, listeners } = wanted;
  return [
    ...twice('backends', backendIds, 'id'),
    ...twice(
      'target_groups',
      targetGroups.map(({ id }) => id),
      'id',
    ),
    ...twice(
      'routing_rules',
      rules.map(({ ruleId }) => ruleId),
      'rule_id',
    ),
    ...twice(
      'listeners',
      listeners.map(({ listenerId }) => listenerId),
      'listener_id',
    ),
    ...targetGroups.flatMap((group, index) => referenceComplaints(group, known, `target_groups[${index}].`)),
    ...rules.flatMap((rule, index) => referenceComplaints(rule, known, `routing_rules[${index}].`)),
    ...listeners.flatMap((listener, index) => listenerComplaints(listener, known, `listeners[${index}].`)),
    ...rivals('routing_rules', rules, sameMatch, 'matches the same requests with the same priority as'),
    ...rivals('listeners', listeners, samePort, 'listens on the port of'),
    ...targetGroups.flatMap(({ id, algorithm }, index) =>
      algorithmComplaints(
        algorithm,
        state.targetGroups.find((group) => group.id === id)?.algorithm,
        `target_groups[${index}]`,
      ),
    ),
    ...rules.flatMap(({ ruleId, algorithm }, index) =>
      algorithmComplaints(
        algorithm,
        state.rules.find((rule) => rule.ruleId === ruleId)?.algorithm,
        `routing_rules[${index}]`,
      ),
    ),
    ...wanted.backends.flatMap((backend, index) => backendComplaints(backend, `backends[${index}]`, wanted, state)),
    ...state.targetGroups.flatMap(({ id }) => (isHome(id, state) ? homeComplaints(id, wanted) : [])),
  ];
}

/** Requests in flight belong to the picker that chose for them. (DECISIONS.md, 55) */
function algorithmComplaints(wanted: string, now: string | undefined, field: string): readonly Complaint[] {
  if (now === undefined || wanted === now) return [];
  const message = `${field} was made with ${now.replaceAll('-', '_')}, and that stays.`;
  const remedy = 'Leave it, or add another under an id of its own.';
  return [{ code: 'FIXED_ALGORITHM', field: `${field}.algorithm`, message, remedy }];
}

/** A machine cannot move, and an id that was given up stays so. */
function backendComplaints(
  backend: Registration,
  field: string,
  wanted: Config,
  state: ControlState,
): readonly Complaint[] {
  const now = state.backends.find(({ id }) => id === backend.id);
  const home = wanted.targetGroups.find(({ backends }) => backends.includes(backend.id))?.id;
  const complain = (code: string, what: string, message: string, remedy: string): readonly Complaint[] => [
    { code, field: `${field}.${what}`, message, remedy },
  ];
  if (home === undefined) {
    const remedy = 'Name it in the backends of a target group.';
    return complain('NO_TARGET_GROUP', 'id', `${backend.id} is in no target group.`, remedy);
  }
  if (now === undefined) {
    const conflict = idConflict(backend.id, state);
    return conflict === undefined ? [] : complain('DUPLICATE_ID', 'id', conflict, 'Choose another id.');
  }
  if (now.pool !== home) {
    const message = `${backend.id} was registered in ${now.pool}, which has to name it before any other group does.`;
    return complain('MOVED', 'id', message, `Name it in ${now.pool}, or register it under another id.`);
  }
  if (backend.host === now.host && backend.port === now.port && backend.healthCheckPath === now.healthCheckPath)
    return [];
  const message = `${backend.id} is at ${now.host}:${now.port} and checked at ${now.healthCheckPath}; that cannot change.`;
  return complain('MOVED', 'host', message, 'Leave it so, or register the new address under another id.');
}

function homeComplaints(id: string, wanted: Config): readonly Complaint[] {
  if (wanted.targetGroups.some((group) => group.id === id)) return [];
  const message = `The target group ${id} cannot go: backends are registered in it.`;
  return [{ code: 'NO_TARGET_GROUP', field: 'target_groups', message, remedy: `Keep ${id}.` }];
}

function changesTo(wanted: Config, state: ControlState): readonly Change[] {
  const ids = wanted.backends.map(({ id }) => id);
  const leaving = state.backends.filter(({ id }) => !ids.includes(id));
  const { targetGroups, rules, listeners } = wanted;
  const routing: Routing = { targetGroups, rules, listeners };
  const joining = wanted.backends.filter(({ id }) => !state.backends.some((backend) => backend.id === id));
  const home = (backend: string) => targetGroups.find(({ backends }) => backends.includes(backend))!.id;
  const before: Routing = { targetGroups: state.targetGroups, rules: state.rules, listeners: state.listeners };
  return [
    ...joining.map((backend): Change => ({ kind: 'register', pool: home(backend.id), backend })),
    ...wanted.backends.flatMap((backend) =>
      tuned(
        backend,
        state.backends.find(({ id }) => id === backend.id),
      ),
    ),
    ...(JSON.stringify(routing) === JSON.stringify(before) ? [] : [{ kind: 'configure', routing } as const]),
    ...leaving.map(({ id }): Change => ({ kind: 'deregister', id, cut: false })),
  ];
}

function tuned(wanted: Registration, now: ManagedBackend | undefined): readonly Change[] {
  if (now === undefined) return [];
  const { id, weight, maxConnections } = wanted;
  return [
    ...(weight === now.weight ? [] : [{ kind: 'set-weight', id, weight } as const]),
    ...(maxConnections === now.maxConnections
      ? []
      : [{ kind: 'set-max-connections', id, maxConnections: maxConnections ?? null } as const]),
  ];
}

function isHome(group: string, state: ControlState): boolean {
  return state.backends.some(({ pool }) => pool === group);
}

function twice(list: string, ids: readonly string[], field: string): readonly Complaint[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            code: 'DUPLICATE_ID',
            field: `${list}[${index}].${field}`,
            message: `${id} stands there twice.`,
            remedy: 'Give one of them another id.',
          },
        ],
  );
}

function rivals<Entry>(
  list: string,
  entries: readonly Entry[],
  same: (a: Entry, b: Entry) => boolean,
  does: string,
): readonly Complaint[] {
  return entries.flatMap((entry, index) => {
    const rival = entries.slice(0, index).findIndex((other) => same(other, entry));
    if (rival < 0) return [];
    const message = `${list}[${index}] ${does} ${list}[${rival}].`;
    return [{ code: 'DUPLICATE', field: `${list}[${index}]`, message, remedy: 'Change or leave out one of them.' }];
  });
}

function backendAsJson({ id, host, port, weight, healthCheckPath, maxConnections }: Registration): Body {
  return { id, host, port, weight, health_check_path: healthCheckPath, max_connections: maxConnections ?? null };
}
