/** Does a host have this name? `*.example.test` stands for every name that ends so, `*` for all. A port in the host is of no account, nor is case. */
export function matchesHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  const name = bare(host);
  const wanted = pattern.toLowerCase();
  return wanted.startsWith('*.') ? name.length > wanted.length - 1 && name.endsWith(wanted.slice(1)) : name === wanted;
}

/** Without its port, in lower case. */
function bare(host: string): string {
  const colon = host.lastIndexOf(':');
  // In an address of version 6 the colons within brackets are no border.
  return (colon > host.lastIndexOf(']') && colon >= 0 ? host.slice(0, colon) : host).toLowerCase();
}
