import type { z } from 'zod';
import { nearest } from './scenario-error.ts';
import type { Problem } from './scenario-error.ts';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** Tells what zod found wrong in the words of a ScenarioError. `document` is what was read, `schema` what it was read with. */
export function shapeProblems(issues: readonly Issue[], document: unknown, schema: Schema): Problem[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => strangeKey(key, issue.path, document, schema))
      : [
          {
            field: fieldName(issue.path),
            found: show(valueAt(document, issue.path)),
            ...wanted(issue, valueAt(document, issue.path)),
          },
        ],
  );
}

/** `pools[0].backends[2].weight`. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');
}

type Wanted = Pick<Problem, 'expected' | 'mend'>;

const WANTED: { readonly [Code in Issue['code']]?: (issue: Extract<Issue, { code: Code }>, found: unknown) => Wanted } =
  {
    invalid_type: (issue, found) => ({
      expected: typeNames[issue.expected] ?? issue.expected,
      mend: mendType(issue.expected, found),
    }),
    too_small: (issue) => ({
      expected: bound(issue.origin, issue.inclusive ? 'at least' : 'above', issue.minimum),
      mend: issue.origin === 'array' ? 'Add to it.' : 'Make it larger.',
    }),
    too_big: (issue) => ({
      expected: bound(issue.origin, issue.inclusive ? 'at most' : 'below', issue.maximum),
      mend: 'Make it smaller.',
    }),
    invalid_format: (issue) => ({
      expected: 'prefix' in issue ? `text that begins with "${String(issue.prefix)}"` : issue.message,
      mend: 'Change it to that form.',
    }),
    invalid_value: (issue, found) => oneOf(issue.values, found),
    invalid_union: (issue, found) => oneOf(unionValues(issue), found),
    invalid_key: (issue) => ({
      expected: `a name of ${issue.issues[0]?.message ?? 'another form'}`,
      mend: 'Rename it.',
    }),
  };

function wanted(issue: Issue, found: unknown): Wanted {
  const tell = WANTED[issue.code] as ((issue: Issue, found: unknown) => Wanted) | undefined;
  return tell?.(issue, found) ?? { expected: issue.message, mend: 'Add or change it.' };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
};

function mendType(expected: string, found: unknown): string {
  if (found === undefined) return 'Add the field.';
  if (expected === 'int') return 'Round it: durations are whole microseconds.';
  if (expected === 'number' && typeof found === 'string') return 'Write it without quotes.';
  return 'Change its type.';
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'array') return `${relation} ${limit} in the list`;
  return origin === 'string' ? `text of ${relation} ${limit} characters` : `a number ${relation} ${limit}`;
}

function oneOf(values: readonly unknown[], found: unknown): Wanted {
  const known = values.map(String);
  const guess = typeof found === 'string' ? nearest(found, known) : undefined;
  const expected = known.length === 1 ? show(values[0]) : `one of ${values.map(show).join(', ')}`;
  return { expected, mend: guess === undefined ? 'Choose one of these.' : `Did you mean "${guess}"?` };
}

/** What a union would have taken: the values of its discriminator, or the literals it is made of. */
function unionValues(issue: Extract<Issue, { code: 'invalid_union' }>): readonly unknown[] {
  if ('options' in issue && Array.isArray(issue.options)) return issue.options;
  return issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
}

function strangeKey(key: string, path: readonly PropertyKey[], document: unknown, schema: Schema): Problem {
  const known = keysAt(schema, document, path);
  const guess = nearest(key, known);
  return {
    field: fieldName([...path, key]),
    found: 'a field that means nothing here',
    expected: `only ${known.join(', ')}`,
    mend: guess === undefined ? 'Remove it.' : `Did you mean "${guess}"?`,
  };
}

/** The fields a schema knows at a place of the document. */
function keysAt(schema: Schema, document: unknown, path: readonly PropertyKey[]): string[] {
  let here = open(schema, document);
  let value = document;
  for (const key of path) {
    value = valueAt(value, [key]);
    const def = here._zod.def as z.core.$ZodTypes['_zod']['def'];
    if (def.type === 'object') here = open(def.shape[String(key)]!, value);
    else if (def.type === 'array') here = open(def.element, value);
    else if (def.type === 'record') here = open(def.valueType, value);
  }
  const def = here._zod.def as z.core.$ZodTypes['_zod']['def'];
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** Takes off what wraps a schema (optional, default), and of several alternatives takes the one the value names. */
function open(schema: Schema, value: unknown): Schema {
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def'];
  if ('innerType' in def) return open(def.innerType, value);
  if (def.type !== 'union' || !('discriminator' in def)) return schema;
  const named = valueAt(value, [def.discriminator as string]);
  return (
    def.options.find((option) => option._zod.propValues?.[def.discriminator as string]?.has(named as string)) ?? schema
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/** A value as its author wrote it, cut short. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
