/**
 * MD5. Long broken as protection against forgers; nginx still names a server of an upstream by it, in the route id of its sticky cookies.
 *
 * Source: RFC 1321.
 */
import type { Bytes } from './bytes.ts';

/** The hash as 32 hexadecimal digits. The bytes are padded in place. */
export function md5(bytes: Bytes): string {
  const bits = bytes.length * 8;
  bytes.byte(0x80);
  while (bytes.length % 64 !== 56) bytes.byte(0);
  bytes.word(bits).word(Math.floor(bits / 0x100000000));
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < bytes.length; at += 64) mix(state, bytes.data, at);
  return [...new Uint8Array(state.buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** Mixes one block of 64 bytes into the state. */
function mix(state: Int32Array, data: Uint8Array, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const word = at + 4 * placeOf(round, i);
    const value = data[word]! | (data[word + 1]! << 8) | (data[word + 2]! << 16) | (data[word + 3]! << 24);
    const sum = (a + mixed(round, b, c, d) + SINES[i]! + value) | 0;
    const shift = SHIFTS[4 * round + (i & 3)]!;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  [a, b, c, d].forEach((word, i) => (state[i]! += word));
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (b & d) | (c & ~d);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}

/** Which of the sixteen words of a block step `i` takes. */
function placeOf(round: number, i: number): number {
  return [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! % 16;
}

// prettier-ignore
/** floor(2^32 |sin(i + 1)|), as the standard lists them: a sine of our own would be more than this table. */
const SINES = [
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
];
