/**
 * The PROXY protocol: a header before the first byte of a connection that says who it comes from, since behind a balancer that ends connections every
 * connection comes from the balancer. Version 1 is a line of text, version 2 binary with room for more (TLVs).
 *
 * Cost: at most 107 bytes and 16 to 232 bytes on each connection, once; no round trip.
 * Fails when: one side speaks it and the other does not: the header is then taken for the request, or the request for a header. Who accepts it from anybody
 * believes any address.
 * Source: W. Tarreau, "The PROXY protocol", versions 1 and 2 (haproxy doc/proxy-protocol.txt).
 */
import { invariant } from '../core/invariant.ts';

export type ProxyFamily = 'TCP4' | 'TCP6' | 'UDP4' | 'UDP6' | 'UNIX_STREAM' | 'UNIX_DGRAM' | 'UNKNOWN';

export interface ProxyHeader {
  /** LOCAL: the connection is the balancer's own, for example a health check; its real addresses count. */
  readonly command: 'PROXY' | 'LOCAL';
  readonly family: ProxyFamily;
  /** Addresses as text, paths for the UNIX families; absent for UNKNOWN. */
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
  /** Of version 2. */
  readonly tlvs?: readonly ProxyTlv[] | undefined;
}

export interface ProxyTlv {
  readonly type: number;
  readonly value: Uint8Array;
}

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const FAMILIES: Readonly<Record<ProxyFamily, number>> = {
  UNKNOWN: 0x00,
  TCP4: 0x11,
  UDP4: 0x12,
  TCP6: 0x21,
  UDP6: 0x22,
  UNIX_STREAM: 0x31,
  UNIX_DGRAM: 0x32,
};
const PATH_LENGTH = 108;
/** The longest line, CRLF included. */
const LONGEST_LINE = 107;

/** The line of version 1, CRLF included. It knows TCP only: everything else is UNKNOWN. */
export function encodeProxyV1({ family, source, destination, sourcePort, destinationPort }: ProxyHeader): string {
  if (family !== 'TCP4' && family !== 'TCP6') return 'PROXY UNKNOWN\r\n';
  return `PROXY ${family} ${source} ${destination} ${sourcePort} ${destinationPort}\r\n`;
}

/** undefined: not a header of version 1. */
export function parseProxyV1(text: string): { readonly header: ProxyHeader; readonly length: number } | undefined {
  const end = text.indexOf('\r\n');
  if (!text.startsWith('PROXY ') || end < 0 || end + 2 > LONGEST_LINE) return undefined;
  const length = end + 2;
  const words = text.slice(0, end).split(' ');
  if (words[1] === 'UNKNOWN') return { header: { command: 'PROXY', family: 'UNKNOWN' }, length };
  const [, family, source = '', destination = '', from = '', to = '', ...rest] = words;
  if ((family !== 'TCP4' && family !== 'TCP6') || rest.length > 0) return undefined;
  const parse = family === 'TCP4' ? parseIpv4 : parseIpv6;
  if (parse(source) === undefined || parse(destination) === undefined) return undefined;
  const sourcePort = portOf(from);
  const destinationPort = portOf(to);
  if (sourcePort === undefined || destinationPort === undefined) return undefined;
  return { header: { command: 'PROXY', family, source, destination, sourcePort, destinationPort }, length };
}

/** The bytes of version 2. */
export function encodeProxyV2(header: ProxyHeader): Uint8Array {
  const { command, family, tlvs = [] } = header;
  const body = [...addressBytes(header), ...tlvs.flatMap(({ type, value }) => [type, ...word(value.length), ...value])];
  return Uint8Array.from([
    ...SIGNATURE,
    command === 'LOCAL' ? 0x20 : 0x21,
    FAMILIES[family],
    ...word(body.length),
    ...body,
  ]);
}

/** undefined: not a header of version 2, or not all of it. */
export function parseProxyV2(bytes: Uint8Array): { readonly header: ProxyHeader; readonly length: number } | undefined {
  if (bytes.length < 16 || SIGNATURE.some((byte, at) => bytes[at] !== byte)) return undefined;
  const command = bytes[12] === 0x20 ? 'LOCAL' : 'PROXY';
  const family = (Object.keys(FAMILIES) as ProxyFamily[]).find((name) => FAMILIES[name] === bytes[13]);
  const length = 16 + wordAt(bytes, 14);
  if (bytes[12]! >> 4 !== 2 || (bytes[12]! & 15) > 1 || family === undefined || bytes.length < length) return undefined;
  const size = sizeOf(family);
  if (length < 16 + 2 * size + (isInternet(family) ? 4 : 0)) {
    // The receiver must ignore what a LOCAL header says of addresses, and it may say nothing.
    return command === 'LOCAL' ? { header: { command, family: 'UNKNOWN' }, length } : undefined;
  }
  const at = 16 + 2 * size;
  const end = isInternet(family) ? at + 4 : at;
  const tlvs = parseTlvs(bytes.subarray(end, length));
  if (tlvs === undefined) return undefined;
  return {
    header: {
      command,
      family,
      ...(size > 0 && {
        source: textOf(family, bytes.subarray(16, 16 + size)),
        destination: textOf(family, bytes.subarray(16 + size, at)),
      }),
      ...(isInternet(family) && { sourcePort: wordAt(bytes, at), destinationPort: wordAt(bytes, at + 2) }),
      ...(tlvs.length > 0 && { tlvs }),
    },
    length,
  };
}

function addressBytes({ family, source, destination, sourcePort, destinationPort }: ProxyHeader): number[] {
  if (family === 'UNKNOWN') return [];
  const bytesOf = (text: string | undefined) => {
    const bytes = text === undefined ? undefined : parserOf(family)(text);
    invariant(bytes !== undefined, `PROXY header: "${text}" is no address of the family ${family}`);
    return bytes;
  };
  const addresses = [...bytesOf(source), ...bytesOf(destination)];
  return isInternet(family) ? [...addresses, ...word(sourcePort ?? 0), ...word(destinationPort ?? 0)] : addresses;
}

function parserOf(family: ProxyFamily): (text: string) => readonly number[] | undefined {
  if (family === 'TCP4' || family === 'UDP4') return parseIpv4;
  return isInternet(family) ? parseIpv6 : parsePath;
}

function isInternet(family: ProxyFamily): boolean {
  return family.startsWith('TCP') || family.startsWith('UDP');
}

function sizeOf(family: ProxyFamily): number {
  if (family === 'UNKNOWN') return 0;
  if (!isInternet(family)) return PATH_LENGTH;
  return family.endsWith('4') ? 4 : 16;
}

function parseIpv4(text: string): readonly number[] | undefined {
  const bytes = text.split('.').map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  return bytes.length === 4 && bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const [head = '', tail, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...front, ...new Array<number>(missing).fill(0), ...back].flatMap(word);
}

/** The 16-bit groups between colons; the last may be an IPv4 address, which is two. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    const ipv4 = part.includes('.') ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) groups.push(ipv4[0]! * 256 + ipv4[1]!, ipv4[2]! * 256 + ipv4[3]!);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parsePath(text: string): readonly number[] | undefined {
  if (text.length > PATH_LENGTH) return undefined;
  return Array.from({ length: PATH_LENGTH }, (_, at) => (at < text.length ? text.charCodeAt(at) & 0xff : 0));
}

function textOf(family: ProxyFamily, bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (!isInternet(family)) return String.fromCharCode(...bytes).replace(/\0+$/, '');
  return ipv6Text(Array.from({ length: 8 }, (_, group) => wordAt(bytes, 2 * group)));
}

/** As RFC 5952 has it: the longest run of zero groups, and the first of such, as two colons. */
function ipv6Text(groups: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.at < 0) return text(groups);
  return `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`;
}

function parseTlvs(bytes: Uint8Array): ProxyTlv[] | undefined {
  const tlvs: ProxyTlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 3 > bytes.length) return undefined;
    const end = at + 3 + wordAt(bytes, at + 1);
    if (end > bytes.length) return undefined;
    tlvs.push({ type: bytes[at]!, value: bytes.slice(at + 3, end) });
    at = end;
  }
  return tlvs;
}

function word(value: number): [number, number] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 256 + bytes[at + 1]!;
}

function portOf(text: string): number | undefined {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined;
}
