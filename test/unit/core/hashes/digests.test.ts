import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf } from '../../../../engine/core/hashes/bytes.ts';
import { md5 } from '../../../../engine/core/hashes/md5.ts';
import { hmacSha256, sha256 } from '../../../../engine/core/hashes/sha256.ts';

// Around 55 and 64 bytes the padding takes another block.
const text = fc.string({ unit: 'grapheme', maxLength: 150 });

test('SHA-256, HMAC and MD5 of any text are those of the platform', () => {
  fc.assert(
    fc.property(text, text, (key, message) => {
      expect(sha256(message)).toBe(createHash('sha256').update(message).digest('hex'));
      expect(hmacSha256(key, message)).toBe(createHmac('sha256', key).update(message).digest('hex'));
      expect(md5(bytesOf(message))).toBe(createHash('md5').update(message).digest('hex'));
    }),
  );
});
