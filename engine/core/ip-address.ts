import type { Bytes } from './hashes/bytes.ts';

/** Adds the 4 bytes of an IPv4 address or the 16 of an IPv6 one, highest first. False, with nothing added: the text is neither. */
export function addAddress(text: string, bytes: Bytes): boolean {
  return text.includes(':') ? addVersion6(text, bytes) : addVersion4(text, 0, bytes);
}

/** Reads the digits in place: this runs for each pick, and cutting the text up would cost more than hashing it. */
function addVersion4(text: string, start: number, bytes: Bytes): boolean {
  const before = bytes.length;
  let octet = -1;
  for (let at = start; at <= text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) octet = 10 * Math.max(octet, 0) + digit;
    else if (octet >= 0 && octet < 256 && (at === text.length || text[at] === '.')) {
      bytes.byte(octet);
      octet = -1;
    } else break;
    if (octet > 255) break;
  }
  if (bytes.length === before + 4 && octet === -1) return true;
  bytes.length = before;
  return false;
}

function addVersion6(text: string, bytes: Bytes): boolean {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = halves.length === 2 ? [...halves[0]!, ...zeros(halves), ...halves[1]!] : halves[0]!;
  if (halves.length > 2 || groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/iu.test(group)))
    return false;
  for (const group of groups) bytes.byte(parseInt(group, 16) >>> 8).byte(parseInt(group, 16));
  return true;
}

function zeros(halves: readonly (readonly string[])[]): string[] {
  return new Array<string>(Math.max(1, 8 - halves[0]!.length - halves[1]!.length)).fill('0');
}
