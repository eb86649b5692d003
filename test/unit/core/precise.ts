/** Logarithm and power of e in fixed-point numbers with 200 bits after the point: the truth that doubles are measured against. */
const BITS = 200n;
const ONE = 1n << BITS;

/** ln of m / 2^200, for m between 2^199 and 2^202, by 2 artanh((m - 1) / (m + 1)). */
function lnFixed(m: bigint): bigint {
  const s = ((m - ONE) << BITS) / (m + ONE);
  const square = (s * s) >> BITS;
  let power = s;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BITS;
  }
  return 2n * sum;
}

const LN2 = lnFixed(2n * ONE);

/** A double as m · 2^k with m in [1, 2) as a fixed-point number. */
function split(x: number): { readonly m: bigint; readonly k: number } {
  const bits = new DataView(new ArrayBuffer(8));
  let scaled = x;
  let k = 0;
  while (scaled < 2 ** -1022) {
    scaled *= 2;
    k -= 1;
  }
  bits.setFloat64(0, scaled);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn) - 1023;
  return { m: ((1n << 52n) | (word & ((1n << 52n) - 1n))) << (BITS - 52n), k: k + exponent };
}

/** A double of moderate size as a fixed-point number, exactly. */
export function fixed(x: number): bigint {
  if (x === 0) return 0n;
  const { m, k } = split(Math.abs(x));
  const magnitude = k >= 0 ? m << BigInt(k) : m >> BigInt(-k);
  return x < 0 ? -magnitude : magnitude;
}

export function preciseLn(x: number): bigint {
  const { m, k } = split(x);
  return lnFixed(m) + BigInt(k) * LN2;
}

/** How far `y` is from e^x, in units of the last place of e^x. `y` is a normal double. */
export function expError(x: number, y: number): number {
  let k = fixed(x) / LN2;
  let r = fixed(x) - k * LN2;
  if (r < 0n) {
    r += LN2;
    k -= 1n;
  }
  let term = ONE;
  let truth = 0n;
  for (let n = 1n; term !== 0n; n += 1n) {
    truth += term;
    term = ((term * r) >> BITS) / n;
  }
  // e^x = truth · 2^k with truth in [1, 2): its last place is worth 2^-52 of 2^k.
  const { m, k: exponent } = split(y);
  const shift = BigInt(exponent) - k;
  const measured = shift >= 0n ? m << shift : m >> -shift;
  return Number(measured - truth) / Number(ONE >> 52n);
}

/** How far `y` is from ln x, in units of the last place of ln x. */
export function lnError(x: number, y: number): number {
  const truth = preciseLn(x);
  const size = truth < 0n ? -truth : truth;
  const lastPlace = BigInt(size.toString(2).length - 1) - 52n;
  return Number(fixed(y) - truth) / Number(1n << lastPlace);
}
