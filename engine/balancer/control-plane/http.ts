/** What a request to the control plane is, and the forms its answers have in common. */
import type { Change, ControlState } from './state.ts';

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
  /** JSON, except for /metrics. */
  readonly body: string;
}

/** Something wrong with a request: what, where, and how to mend it. */
export interface Complaint {
  readonly code: string;
  readonly field?: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Answer {
  readonly status: number;
  /** An object goes out as JSON, a text as it is. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly changes?: readonly Change[];
}

export function ok(body: object | string, changes: readonly Change[] = []): Answer {
  return { status: 200, body, changes };
}

export function created(body: object, location: string, change: Change): Answer {
  return { status: 201, body, headers: { location }, changes: [change] };
}

export function refused(status: number, ...errors: readonly Complaint[]): Answer {
  return { status, body: { errors } };
}

export function byMethod(request: ControlRequest, methods: Readonly<Record<string, () => Answer>>): Answer {
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

/** Goes on if the writer knows the latest configuration, or does not ask. */
export function ifVersionMatches(request: ControlRequest, state: ControlState, go: () => Answer): Answer {
  const expected = request.headers?.['if-match']?.trim();
  if (expected === undefined || expected === '*' || expected === `"${state.version}"`) return go();
  return refused(409, {
    code: 'VERSION_CONFLICT',
    field: 'If-Match',
    message: `You expect version ${expected}; the configuration is at version "${state.version}".`,
    remedy: 'Read it again, decide again, and send the ETag of that answer as If-Match.',
  });
}

/** The parameters of a query, or why it is not understood. `known` holds each name with the pattern of its values. */
export function readQuery(
  query: string,
  known: Readonly<Record<string, RegExp>>,
): { readonly values: Readonly<Record<string, string>> } | { readonly refusal: Answer } {
  const values: Record<string, string> = {};
  for (const part of query.split('&').filter((text) => text !== '')) {
    const [name = '', value = ''] = part.split('=', 2);
    if (!Object.hasOwn(known, name) || !known[name]!.test(value)) {
      const names = Object.keys(known);
      const remedy = names.length === 0 ? 'Leave it out.' : `The only parameter is ${names.join(', ')}, true or false.`;
      return {
        refusal: refused(400, { code: 'INVALID_QUERY', field: name, message: `${part} is not understood.`, remedy }),
      };
    }
    values[name] = value;
  }
  return { values };
}
