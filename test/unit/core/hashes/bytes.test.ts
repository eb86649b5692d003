import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bytes, bytesOf } from '../../../../engine/core/hashes/bytes.ts';
import { crc32, crc32Word } from '../../../../engine/core/hashes/crc32.ts';
import { fnv1a64 } from '../../../../engine/core/hashes/fnv.ts';
import { Word64 } from '../../../../engine/core/hashes/word64.ts';

const held = (bytes: Bytes) => [...bytes.data.subarray(0, bytes.length)];

test('a text enters as the UTF-8 that encoders make of it, unpaired surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      expect(held(bytesOf(text))).toEqual([...new TextEncoder().encode(text)]);
    }),
  );
  expect(held(bytesOf('a\ud800b'))).toEqual([...new TextEncoder().encode('a\ud800b')]);
});

test('bytes, words and texts follow each other, however many', () => {
  const bytes = new Bytes();
  for (let i = 0; i < 300; i += 1) bytes.text('ä').byte(0).word(0x80000001);
  expect(held(bytes)).toEqual(Array.from({ length: 300 }, () => [0xc3, 0xa4, 0, 1, 0, 0, 0x80]).flat());
});

test('a CRC can be continued, by bytes or by a word', () => {
  const whole = crc32(new Bytes().text('ab').word(0xfedcba98));
  const begun = crc32(bytesOf('ab'));
  expect(crc32(new Bytes().word(0xfedcba98), begun)).toBe(whole);
  expect(crc32Word(begun, 0xfedcba98)).toBe(whole);
});

test('FNV can be continued', () => {
  const whole = fnv1a64(bytesOf('10.0.0.1user-1'), new Word64());
  const begun = fnv1a64(bytesOf('10.0.0.1'), new Word64());
  expect(fnv1a64(bytesOf('user-1'), begun, true)).toEqual(whole);
});
