/**
 * CRC-32/ISO-HDLC (zlib's, polynomial 0xedb88320 reflected), as a number from 0 to 2^32 - 1. Made to find errors, not to spread keys: texts that
 * differ in one place give related values, and nginx takes only 15 bits of its upper half.
 *
 * nginx `hash` and `hash … consistent`; HAProxy `hash-type … crc32`.
 */
import type { Bytes } from './bytes.ts';

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** What a byte comes to with one, two and three zero bytes behind it: four bytes are looked up at once, none waiting for another. */
const AHEAD_1 = TABLE.map(withZero);
const AHEAD_2 = AHEAD_1.map(withZero);
const AHEAD_3 = AHEAD_2.map(withZero);

function withZero(crc: number): number {
  return TABLE[crc & 0xff]! ^ (crc >>> 8);
}

/** `before`: the CRC of what stands before these bytes. */
export function crc32(bytes: Bytes, before = 0): number {
  const { data, length } = bytes;
  let crc = ~before;
  for (let i = 0; i < length; i += 1) crc = TABLE[(crc ^ data[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The CRC of what has the CRC `before`, followed by the four bytes of `word`, lowest first. */
export function crc32Word(before: number, word: number): number {
  const crc = ~before ^ word;
  return (
    ~(AHEAD_3[crc & 0xff]! ^ AHEAD_2[(crc >>> 8) & 0xff]! ^ AHEAD_1[(crc >>> 16) & 0xff]! ^ TABLE[crc >>> 24]!) >>> 0
  );
}
