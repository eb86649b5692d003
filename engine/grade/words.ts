/** How grading speaks to people about numbers and backends. */

/** `850 µs`, `41.2 ms`, `4.25 s`: at least three digits, never a false fourth below. */
export function time(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${digits(us / 1000)} ms`;
  return `${digits(us / 1_000_000)} s`;
}

function digits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toFixed(value >= 10 ? 1 : 2)));
}

/** `s1`, `s1 and s2`, `s1, s2 and s3`. */
export function list(names: readonly string[], joiner = 'and'): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} ${joiner} ${names.at(-1)!}`;
}

/** `1 request`, `3 requests`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** `first`, `second` … `tenth`, `11th`: of small counts, as in "the third failure in a row". */
export function ordinal(n: number): string {
  return ORDINALS[n - 1] ?? `${n}th`;
}

/** `99.95 %`: two digits behind the point where they are needed. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
