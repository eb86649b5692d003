/**
 * Bytes to be hashed. Hashes are defined over bytes, so a text enters as UTF-8. One buffer is used again and again: a pick allocates nothing.
 */
export class Bytes {
  data = new Uint8Array(256);
  length = 0;

  clear(): this {
    this.length = 0;
    return this;
  }

  byte(value: number): this {
    if (this.length === this.data.length) this.grow(1);
    this.data[this.length++] = value;
    return this;
  }

  /** Four bytes, lowest first. */
  word(value: number): this {
    return this.byte(value)
      .byte(value >>> 8)
      .byte(value >>> 16)
      .byte(value >>> 24);
  }

  /** UTF-8; half of a surrogate pair without the other becomes U+FFFD, as encoders do. */
  text(text: string): this {
    // A UTF-16 unit takes at most three bytes.
    if (this.length + 3 * text.length > this.data.length) this.grow(3 * text.length);
    const data = this.data;
    let at = this.length;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        data[at++] = unit;
        continue;
      }
      const point = text.codePointAt(i)!;
      at = encode(point, data, at);
      if (point > 0xffff) i += 1;
    }
    this.length = at;
    return this;
  }

  private grow(by: number): void {
    const larger = new Uint8Array(2 * (this.length + by));
    larger.set(this.data);
    this.data = larger;
  }
}

const shared = new Bytes();

/** The UTF-8 bytes of a text, in a buffer that the next call overwrites. */
export function bytesOf(text: string): Bytes {
  return shared.clear().text(text);
}

/** Writes a code point above 0x7f and answers the place after it. */
function encode(codePoint: number, data: Uint8Array, start: number): number {
  const point = codePoint >= 0xd800 && codePoint < 0xe000 ? 0xfffd : codePoint;
  const tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  data[start] = LEADS[tail]! | (point >> (6 * tail));
  for (let i = 1; i <= tail; i += 1) data[start + i] = 0x80 | ((point >> (6 * (tail - i))) & 0x3f);
  return start + 1 + tail;
}

/** The first byte of a code point with so many bytes after it. */
const LEADS = [0, 0xc0, 0xe0, 0xf0];
