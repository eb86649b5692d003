/**
 * `ln`, `exp` and a sine from additions, multiplications and divisions alone. IEEE 754 fixes the result of those to the last bit, while the results
 * of Math.log and Math.exp differ between engines: with these, a run has the same digest everywhere. (DECISIONS.md, 4)
 *
 * Both stay within one unit in the last place of the true value; the tests compare them with 200-bit arithmetic.
 */

// One double seen as two 32-bit words, to read and to set its exponent.
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const HIGH = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

const SQRT_HALF = 0.7071067811865476;
const TWO_54 = 0x40000000000000;
// ln 2 in two parts: the first ends in 21 zero bits, so that its product with a whole number below 2^21 is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1.4426950408889634;
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019412;

/**
 * Natural logarithm. ln 0 is -Infinity, of a negative number NaN.
 *
 * x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2). With s = f / (2 + f), ln(1 + f) = 2 (s + s^3/3 + s^5/5 + …); |s| <= 0.1716, so the first term
 * left out, s^23 / 23, is below 2^-63 of the sum.
 */
export function ln(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  const subnormal = x < 2.2250738585072014e-308;
  double[0] = subnormal ? x * TWO_54 : x;
  let k = (words[HIGH]! >> 20) - 1022 - (subnormal ? 54 : 0);
  words[HIGH] = (words[HIGH]! & 0xfffff) | (1022 << 20);
  let mantissa = double[0];
  if (mantissa < SQRT_HALF) {
    mantissa *= 2;
    k -= 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  // Odd and even terms apart: two short chains of operations instead of a long one.
  const odd = z * (1 / 3 + w * (1 / 7 + w * (1 / 11 + w * (1 / 15 + w * (1 / 19)))));
  const even = w * (1 / 5 + w * (1 / 9 + w * (1 / 13 + w * (1 / 17 + w * (1 / 21)))));
  const tail = 2 * (odd + even);
  // 2 s = f - f^2/2 + s f^2/2: the large part f stays exact and only small parts are rounded.
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + tail) + k * LN2_LOW) - f);
}

/**
 * e^x. Infinity above 709.78, 0 below -745.13; a result below 2^-1022 is off by at most two units of its coarser last place.
 *
 * x = k ln 2 + r with |r| <= ln(2) / 2, and the power series of e^r; the first term left out, r^15 / 15!, is below 2^-63.
 */
export function exp(x: number): number {
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXP_UNDERFLOW) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  let series = 0;
  for (let n = 0; n < INVERSE_FACTORIALS.length; n += 1) series = series * r + INVERSE_FACTORIALS[n]!;
  const power = 1 + (high + (r * r * series - low));
  if (k >= -1021 && k <= 1023) return power * powerOfTwo(k);
  return k > 1023 ? power * powerOfTwo(1023) * 2 : power * powerOfTwo(k + 54) * (1 / TWO_54);
}

// 1/14!, …, 1/3!, 1/2!: the coefficients of r^2 (… r^12), highest power first.
const INVERSE_FACTORIALS = [
  1 / 87178291200,
  1 / 6227020800,
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
];

/** 2^k for -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  words[HIGH] = (k + 1023) << 20;
  words[1 - HIGH] = 0;
  return double[0]!;
}

/**
 * The sine of an angle in whole turns, the same everywhere: 1/4 is a right angle. The angle is folded into a quarter turn, which is exact, and the power series does
 * the rest; the first term left out, (pi/2)^23 / 23!, is below 2^-59.
 */
export function sineOfTurns(turns: number): number {
  const part = turns - Math.floor(turns);
  const folded = part <= 0.25 ? part : part <= 0.75 ? 0.5 - part : part - 1;
  const x = folded * TWO_PI;
  const square = x * x;
  let series = 1;
  for (let n = 20; n >= 2; n -= 2) series = 1 - (series * square) / (n * (n + 1));
  return x * series;
}

const TWO_PI = 6.283185307179586;
