/** How numbers are written on the site: three significant digits, a no-break space before the unit, commas in thousands. */

export const NBSP = '\u00a0';

/** 81 ms, 1.83 s, 412 µs, 0 ms. `NaN` (nothing measured) is an en dash. */
export function formatUs(us: number): string {
  if (Number.isNaN(us)) return '–';
  if (us === 0) return `0${NBSP}ms`;
  if (us < 1000) return `${digits(us)}${NBSP}µs`;
  // 999.6 ms rounds to "1000 ms", so it is already written in seconds.
  return us < 999_500 ? `${digits(us / 1000)}${NBSP}ms` : `${digits(us / 1_000_000)}${NBSP}s`;
}

/** A moment of simulated time: "11.200". */
export function formatClock(us: number): string {
  return (us / 1_000_000).toFixed(3);
}

/** 4,028 */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 12.5 %, from a part of one. */
export function formatShare(part: number): string {
  return Number.isNaN(part) ? '–' : `${trim(part * 100, part < 0.1 ? 2 : 1)}${NBSP}%`;
}

/** 60/s, 37.5/s */
export function formatRate(rps: number): string {
  return `${rps < 100 ? trim(rps, 1) : formatCount(rps)}/s`;
}

/** At most `places` decimals, and no more than the number has. */
export function trim(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}

/** Three significant digits: 1.83, 97, 412. */
function digits(value: number): string {
  const places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return trim(value, places);
}

/** Keeps a number and its unit on one line. */
export function unbroken(text: string): string {
  return text
    .replace(/\bn = (?=\d)/g, `n${NBSP}=${NBSP}`)
    .replace(/(\d) (?=(?:µs|ms|s|%|req\/s|requests?|times|seconds?)(?![\w]))/g, `$1${NBSP}`);
}
