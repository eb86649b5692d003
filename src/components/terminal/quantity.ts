/** Quantities as people type them. */

const UNITS_US: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  '': 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
};

/** "250ms", "1.5s", "2m", "800us"; a bare number is seconds. Whole microseconds, or undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?|\.\d+)([a-zµ]*)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined || !Object.hasOwn(UNITS_US, unit)) return undefined;
  const us = Math.round(Number(amount) * UNITS_US[unit]!);
  return Number.isSafeInteger(us) ? us : undefined;
}

/** A whole number from `least` up, written in digits. */
export function parseWhole(text: string, least: number): number | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least ? value : undefined;
}

/** A number, also with decimals, above 0. */
export function parsePositive(text: string): number | undefined {
  const value = /^(\d+(\.\d+)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  return value > 0 && Number.isFinite(value) ? value : undefined;
}
