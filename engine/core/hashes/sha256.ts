/**
 * SHA-256, and HMAC with it: a keyed hash that nobody can make up without the key. For cookies that clients carry and shall not forge.
 *
 * Caddy's cookie is HMAC-SHA-256 of the upstream's address, Traefik's the start of SHA-256 of the server's name.
 *
 * Source: FIPS 180-4, section 6.2; RFC 2104.
 */
import { Bytes } from './bytes.ts';

/** The hash as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return hex(digest(new Bytes().text(text)));
}

export function hmacSha256(key: string, text: string): string {
  const bytes = new Bytes().text(key);
  const block = new Uint8Array(BLOCK);
  block.set(bytes.length > BLOCK ? octets(digest(bytes)) : bytes.data.subarray(0, bytes.length));
  const inner = new Bytes();
  for (const byte of block) inner.byte(byte ^ 0x36);
  const outer = new Bytes();
  for (const byte of block) outer.byte(byte ^ 0x5c);
  for (const byte of octets(digest(inner.text(text)))) outer.byte(byte);
  return hex(digest(outer));
}

const BLOCK = 64;
/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const ROUNDS = new Int32Array(64);
const START = new Int32Array(8);
for (let prime = 2, count = 0; count < 64; prime++) {
  if (!isPrime(prime)) continue;
  ROUNDS[count] = fraction(prime, 3);
  if (count < 8) START[count] = fraction(prime, 2);
  count++;
}

const schedule = new Int32Array(64);

function digest(bytes: Bytes): Int32Array {
  const bits = bytes.length * 8;
  bytes.byte(0x80);
  while (bytes.length % BLOCK !== BLOCK - 8) bytes.byte(0);
  for (let shift = 56; shift >= 0; shift -= 8)
    bytes.byte(shift >= 32 ? Math.floor(bits / 0x100000000) >>> (shift - 32) : bits >>> shift);
  const state = Int32Array.from(START);
  for (let at = 0; at < bytes.length; at += BLOCK) mix(state, bytes.data, at);
  return state;
}

/** Mixes one block of 64 bytes into the state. */
function mix(state: Int32Array, data: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const j = at + 4 * i;
    schedule[i] = (data[j]! << 24) | (data[j + 1]! << 16) | (data[j + 2]! << 8) | data[j + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const early = schedule[i - 15]!;
    const late = schedule[i - 2]!;
    const s0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const s1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    schedule[i] = (schedule[i - 16]! + s0 + schedule[i - 7]! + s1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t1 = (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice + ROUNDS[i]! + schedule[i]!) | 0;
    const t2 = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i]! += word));
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function octets(words: Int32Array): number[] {
  return [...words].flatMap((word) => [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]);
}

function hex(words: Int32Array): string {
  return [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

/** floor(frac(prime^(1/root)) * 2^32), found in whole numbers. */
function fraction(prime: number, root: number): number {
  const target = BigInt(prime) << BigInt(32 * root);
  let low = 0n;
  let high = BigInt(prime) << 32n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    let power = middle;
    for (let i = 1; i < root; i++) power *= middle;
    if (power <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(BigInt.asIntN(32, low));
}
