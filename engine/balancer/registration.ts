/** The body of `POST /backends`: read as a whole, every mistake named with its field and its remedy. */

export interface Registration {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly healthCheckPath: string;
  /** Absent: the first pool. */
  readonly pool?: string;
}

/** Something wrong with a request: what, where, and how to mend it. */
export interface Complaint {
  readonly code: string;
  readonly field?: string;
  readonly message: string;
  readonly remedy: string;
}

type Body = Readonly<Record<string, unknown>>;

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

export function readRegistration(
  text: string,
): { readonly registration: Registration } | { readonly complaints: readonly Complaint[] } {
  const body = parseBody(text);
  if ('complaint' in body) return { complaints: [body.complaint] };
  const complaints = fieldComplaints(body.fields);
  if (complaints.length > 0) return { complaints };
  const { health_check_path: healthCheckPath = '/health', weight = 1, ...rest } = body.fields;
  // Each field was accepted above.
  return { registration: { ...rest, weight, healthCheckPath } as Registration };
}

function parseBody(text: string): { fields: Body } | { complaint: Complaint } {
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

function fieldComplaints(fields: Body): readonly Complaint[] {
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

/** A value as JSON, cut short where it is long. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

function unknownRemedy(name: string): string {
  if (name === 'max_connections') return 'Leave it out: this balancer does not limit connections by backend.';
  return `Leave it out. The fields are ${Object.keys(FIELDS).join(', ')}.`;
}
