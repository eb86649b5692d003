import { isPrime, primeFrom, primeUpTo } from '../core/primes.ts';
import { isRequestKey, requestKeys } from '../core/request-key.ts';
import { nearest } from './scenario-error.ts';
import type { Problem } from './scenario-error.ts';

/**
 * What an option of a policy may be: `count` a whole number from 1, `duration` whole microseconds above 0, `number` any number from 0, `fraction` a
 * number from 0 to 1, `flag` true or false, `text` any text, `prime` a prime number up to 5,000,011, `request-key` what to hash of a request, `ring-size` a whole number up to
 * 8,388,608, `per-cent-above-100` a whole number from 101, `weights` numbers from 0 by name, `groups` lists of names, or one of a
 * list of words.
 */
export type OptionKind =
  | 'count'
  | 'duration'
  | 'number'
  | 'fraction'
  | 'flag'
  | 'text'
  | 'prime'
  | 'request-key'
  | 'ring-size'
  | 'per-cent-above-100'
  | 'weights'
  | 'groups'
  | readonly string[];
export type OptionKinds = Readonly<Record<string, OptionKind>>;

/** What is wrong with the options given to the policy `name`. `field` is where it stands in the scenario. */
export function optionProblems(
  name: string,
  kinds: OptionKinds,
  options: Readonly<Record<string, unknown>>,
  field: string,
): Problem[] {
  return Object.entries(options).flatMap(([option, value]): Problem[] => {
    if (!Object.hasOwn(kinds, option)) {
      const known = Object.keys(kinds);
      const mend = known.length === 0 ? 'Leave it out.' : choose(option, known, 'It has');
      return [{ field: `${field}.options`, found: `the option "${option}"`, expected: `an option of ${name}`, mend }];
    }
    const kind = kinds[option]!;
    if (fits(kind, value)) return [];
    return [
      {
        field: `${field}.options.${option}`,
        found: JSON.stringify(value),
        expected: wanted(kind),
        mend: mend(kind, value),
      },
    ];
  });
}

function fits(kind: OptionKind, value: unknown): boolean {
  switch (kind) {
    case 'count':
    case 'duration':
      return Number.isInteger(value) && (value as number) > 0;
    case 'number':
      return Number.isFinite(value) && (value as number) >= 0;
    case 'fraction':
      return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1;
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'prime':
      return typeof value === 'number' && value <= LARGEST_TABLE && isPrime(value);
    case 'request-key':
      return typeof value === 'string' && isRequestKey(value);
    case 'ring-size':
      return Number.isInteger(value) && (value as number) > 0 && (value as number) <= LARGEST_RING;
    case 'per-cent-above-100':
      return Number.isInteger(value) && (value as number) > 100;
    case 'weights':
      return isRecord(value) && Object.values(value).every((weight) => fits('number', weight));
    case 'groups':
      return Array.isArray(value) && value.every(isGroup);
    default:
      return kind.includes(value as string);
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGroup(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');
}

function wanted(kind: OptionKind): string {
  switch (kind) {
    case 'count':
      return 'a whole number from 1';
    case 'duration':
      return 'whole microseconds above 0';
    case 'number':
      return 'a number from 0';
    case 'fraction':
      return 'a number from 0 to 1';
    case 'flag':
      return 'true or false';
    case 'text':
      return 'a text';
    case 'prime':
      return `a prime number up to ${LARGEST_TABLE}`;
    case 'request-key':
      return 'what to hash of a request';
    case 'ring-size':
      return `a whole number from 1 to ${LARGEST_RING}`;
    case 'per-cent-above-100':
      return 'a whole number from 101: per cent of the average load';
    case 'weights':
      return 'numbers from 0 by name';
    case 'groups':
      return 'lists of names';
    default:
      return 'one of the words it knows';
  }
}

function mend(kind: OptionKind, value: unknown): string {
  if (Array.isArray(kind)) return choose(String(value), kind as readonly string[], 'There are');
  if (kind === 'prime') return primeMend(value);
  if (kind === 'request-key') return `There are: ${requestKeys.join(', ')}.`;
  if (kind === 'ring-size') return 'Write the number of points on the ring, such as 1024.';
  if (kind === 'per-cent-above-100') return 'Write 125 for a quarter above the average, or leave it out for no bound.';
  if (kind === 'weights') return 'Write each name with its weight, such as {"eu": 3, "us": 1}.';
  if (kind === 'groups') return 'Write the groups in their order, such as [["eu", "us"], ["asia"]].';
  if (kind === 'text') return 'Write it in quotes.';
  if (kind === 'flag') return 'Write true or false, without quotes.';
  return typeof value === 'number' ? `Write ${wanted(kind)} instead.` : 'Write it as a number, without quotes.';
}

function primeMend(value: unknown): string {
  if (typeof value !== 'number' || !(value > 2) || value > LARGEST_TABLE) return 'Write a prime number such as 65537.';
  return `The nearest are ${primeUpTo(value)} and ${primeFrom(value)}.`;
}

/** Envoy's bound on the size of a ring. */
const LARGEST_RING = 8_388_608;
/** Envoy's bound on the size of a table. */
const LARGEST_TABLE = 5_000_011;

/** What to write instead of `name`: all that is known, and the nearest if one is near. */
export function choose(name: string, known: readonly string[], intro: string): string {
  const guess = nearest(name, known);
  const list = `${intro}: ${known.join(', ')}.`;
  return guess === undefined ? list : `Did you mean "${guess}"? ${list}`;
}
