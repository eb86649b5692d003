import type { AffinityPolicy, Backend, Context, Request } from 'ballast';

/** A session keeps the id it was given first; where it lives is a row of a table, written anew when it moves. */
class Sessions implements AffinityPolicy {
  private readonly homes = new Map<string, Backend>();

  find(backends: readonly Backend[], request: Request): Backend | undefined {
    const home = this.homes.get(idOf(request) ?? '');
    if (home === undefined || request.tried.includes(home)) return undefined;
    return backends.find((backend) => backend === home);
  }

  remember(backend: Backend, request: Request, { rng }: Context): string | undefined {
    const id = idOf(request);
    if (id !== undefined && this.homes.has(id)) {
      this.homes.set(id, backend);
      return undefined;
    }
    const fresh = `${rng.int(0x100000000)}.${rng.int(0x100000000)}`;
    this.homes.set(fresh, backend);
    return `SERVERID=${fresh}; Path=/; HttpOnly`;
  }
}

function idOf(request: Request): string | undefined {
  return valueOf('SERVERID', request.headers['cookie']);
}

/** The value of a cookie in a Cookie header; undefined if it is not there. */
function valueOf(name: string, header = ''): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}

export default (): AffinityPolicy => new Sessions();
