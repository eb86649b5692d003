import { describe, expect, it } from 'vitest';
import { encodeProxyV1, encodeProxyV2, parseProxyV1, parseProxyV2 } from '../../../engine/traffic/proxy-protocol.ts';
import type { ProxyHeader } from '../../../engine/traffic/proxy-protocol.ts';

const tcp4: ProxyHeader = {
  command: 'PROXY',
  family: 'TCP4',
  source: '192.0.2.1',
  destination: '192.0.2.2',
  sourcePort: 40_000,
  destinationPort: 443,
};

describe('version 1', () => {
  it('is read up to its end of line, and no further', () => {
    const line = encodeProxyV1(tcp4);
    expect(parseProxyV1(`${line}GET / HTTP/1.1\r\n`)).toEqual({ header: tcp4, length: line.length });
  });

  it.each([
    ['a request', 'GET / HTTP/1.1\r\n'],
    ['an address out of range', 'PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n'],
    ['an address of the other family', 'PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n'],
    ['a port out of range', 'PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n'],
    ['a number with a leading zero', 'PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n'],
    ['a line without an end', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2'],
    ['a line that is too long', `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`],
  ])('refuses %s', (_, text) => {
    expect(parseProxyV1(text)).toBeUndefined();
  });
});

describe('version 2', () => {
  it.each<ProxyHeader>([
    tcp4,
    { ...tcp4, family: 'UDP6', source: '2001:db8::1', destination: '::ffff:c000:202' },
    { ...tcp4, tlvs: [{ type: 0xea, value: Uint8Array.of(1, 2, 3) }] },
    { command: 'PROXY', family: 'UNIX_STREAM', source: '/run/a', destination: '/run/b' },
    { command: 'LOCAL', family: 'UNKNOWN' },
  ])('says the same read back: %o', (header) => {
    const bytes = encodeProxyV2(header);
    expect(parseProxyV2(Uint8Array.of(...bytes, 71, 69, 84))).toEqual({ header, length: bytes.length });
  });

  it('is not read from half of it', () => {
    const bytes = encodeProxyV2(tcp4);
    for (let length = 0; length < bytes.length; length++) expect(parseProxyV2(bytes.slice(0, length))).toBeUndefined();
  });
});
