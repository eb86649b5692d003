/** Bodies of requests: read as a whole, every mistake named with its field and its remedy. */
import { refused } from './http.ts';
import type { Answer, Complaint, ControlRequest } from './http.ts';

export type Body = Readonly<Record<string, unknown>>;

/** One field of a body. `accepts` is asked only about values that are there. */
export interface Field {
  readonly required?: true;
  readonly accepts: (value: unknown) => boolean;
  readonly remedy: string;
}

export type Fields = Readonly<Record<string, Field>>;

/** Reads a body as JSON with these fields and no others, and goes on if there is nothing to complain about. */
export function withBody(
  request: ControlRequest,
  fields: Fields,
  example: string,
  go: (body: Body) => Answer,
  mayBeEmpty = false,
): Answer {
  if (mayBeEmpty && (request.body ?? '').trim() === '') return go({});
  const type = (request.headers?.['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json') {
    return refused(415, {
      code: 'UNSUPPORTED_MEDIA_TYPE',
      field: 'Content-Type',
      message: type === '' ? 'The request does not say what its body is.' : `The body is ${type}; this reads JSON.`,
      remedy: 'Send JSON with Content-Type: application/json.',
    });
  }
  const read = parseBody(request.body ?? '', example);
  if ('complaint' in read) return refused(400, read.complaint);
  const complaints = fieldComplaints(read.body, fields);
  return complaints.length > 0 ? refused(400, ...complaints) : go(read.body);
}

function parseBody(text: string, example: string): { readonly body: Body } | { readonly complaint: Complaint } {
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
  if (isObject(value)) return { body: value };
  return {
    complaint: {
      code: 'INVALID_BODY',
      message: `The body is ${kindOf(value)}, not an object.`,
      remedy: `Send, for example, ${example}`,
    },
  };
}

/** What is wrong with an object that should have these fields. `within` stands before each field's name. */
export function fieldComplaints(body: Body, fields: Fields, within = ''): readonly Complaint[] {
  const complaints: Complaint[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const path = within + name;
    if (!Object.hasOwn(body, name)) {
      if (field.required) {
        complaints.push({ code: 'MISSING_FIELD', field: path, message: `${path} is missing.`, remedy: field.remedy });
      }
    } else if (!field.accepts(body[name])) {
      const message = `${path} cannot be ${shown(body[name])}.`;
      complaints.push({ code: 'INVALID_FIELD', field: path, message, remedy: field.remedy });
    }
  }
  for (const name of Object.keys(body)) {
    if (Object.hasOwn(fields, name)) continue;
    complaints.push({
      code: 'UNKNOWN_FIELD',
      field: within + name,
      message: `${within + name} is not a field.`,
      remedy: `Leave it out. The fields are ${Object.keys(fields).join(', ')}.`,
    });
  }
  return complaints;
}

/** A value as JSON, cut short where it is long. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(value);
export const isPath = (value: unknown): value is string => typeof value === 'string' && /^\/[!-~]{0,1023}$/.test(value);
export const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
export const isListOf = (accepts: (value: unknown) => boolean, value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every(accepts);

export const ID_REMEDY = 'Give it 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.';
