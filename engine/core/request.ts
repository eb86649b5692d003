import type { Backend, Flow, Request } from './policy.ts';

/** What all requests of one class of one client have in common. */
export interface RequestTemplate {
  readonly client: string;
  readonly class: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Frozen: every request of the class shares it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes?: number;
  /** The port of the balancer they go to. Absent: 80. */
  readonly port?: number;
  /** By number among IP's protocols. Absent: TCP. */
  readonly protocol?: number;
  /** The IPv4 address of the client's first user, as a number; user n has this plus n. Absent: 198.51.100.1. */
  readonly firstAddress?: number;
}

/** What a request may have beside its template. */
interface Extra {
  attempt: number;
  tried: readonly Backend[];
  host?: string | undefined;
  path?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** The request is about to be tried again: all backends it was sent to so far, in their order. */
export let setTried: (view: RequestView, tried: readonly Backend[]) => void;
/** The flow of a request that is of this template, this user (from 0) and this connection. */
export function flowInto(
  flow: { -readonly [Name in keyof Flow]: Flow[Name] },
  { firstAddress = FIRST_ADDRESS, port = 80, protocol = TCP }: RequestTemplate,
  user: number,
  connection: number,
): void {
  flow.sourceAddress = firstAddress + user;
  flow.sourcePort = portOf(connection);
  flow.destinationAddress = VIRTUAL_IP;
  flow.destinationPort = port;
  flow.protocol = protocol;
}

/** That of a request. */
export let flowOf: (view: RequestView) => Flow;
/** Is it a datagram, of a flow that nobody opens or closes? */
export let isDatagram: (view: RequestView) => boolean;
/** Replaces what the client sent: cookies it has got since, or what a route rewrites. */
export let rewrite: (
  view: RequestView,
  changes: {
    host?: string | undefined;
    path?: string | undefined;
    headers?: Readonly<Record<string, string>> | undefined;
  },
) => void;

/**
 * The view of a request that policies are handed; read-only in the manner of BackendView. Unlike that one it stays extensible: there is one
 * per request, and closing it would cost more than making it. The engine never reads its own facts back from here.
 */
export class RequestView implements Request {
  readonly #id: number;
  readonly #connection: number;
  readonly #template: RequestTemplate;
  readonly #user: number;
  /** Most requests need none. */
  #extra: Extra | undefined;

  /** `user` counts from 0: which of the client's users sends it. */
  constructor(id: number, connection: number, template: RequestTemplate, user = 0) {
    this.#id = id;
    this.#connection = connection;
    this.#template = template;
    this.#user = user;
  }

  get id(): number {
    return this.#id;
  }
  get connection(): number {
    return this.#connection;
  }
  get client(): string {
    return this.#template.client;
  }
  get class(): string {
    return this.#template.class;
  }
  get method(): string {
    return this.#template.method;
  }
  get host(): string {
    return this.#extra?.host ?? this.#template.host;
  }
  get path(): string {
    return this.#extra?.path ?? this.#template.path;
  }
  get headers(): Readonly<Record<string, string>> {
    return this.#extra?.headers ?? this.#template.headers;
  }
  get sourceAddress(): string {
    return dotted((this.#template.firstAddress ?? FIRST_ADDRESS) + this.#user);
  }
  get sourcePort(): number {
    return portOf(this.#connection);
  }
  get port(): number {
    return this.#template.port ?? 80;
  }
  get bytes(): number {
    return this.#template.bytes ?? 0;
  }
  get attempt(): number {
    return this.#extra?.attempt ?? 1;
  }
  get tried(): readonly Backend[] {
    return this.#extra?.tried ?? NOBODY;
  }

  static {
    flowOf = (view) => {
      const flow = { sourceAddress: 0, sourcePort: 0, destinationAddress: 0, destinationPort: 0, protocol: 0 };
      flowInto(flow, view.#template, view.#user, view.#connection);
      return flow;
    };
    isDatagram = (view) => view.#template.protocol === UDP;
    setTried = (view, tried) => {
      // A list of its own: the engine's grows, and a policy could write to it.
      view.#extra = { ...view.#extra, tried: Object.freeze([...tried]), attempt: tried.length + 1 };
    };
    rewrite = (view, changes) => {
      view.#extra = { attempt: 1, tried: NOBODY, ...view.#extra, ...changes };
    };
    Reflect.deleteProperty(this.prototype, 'constructor');
    Object.freeze(this.prototype);
  }
}

const NOBODY: readonly Backend[] = Object.freeze([]);
/** 198.51.100.1, of the addresses kept for documentation (RFC 5737). */
export const FIRST_ADDRESS = 0xc6336401;
/** Where ports that need no privilege begin. */
const FIRST_PORT = 1024;
/** 203.0.113.1, of the addresses kept for documentation. */
const VIRTUAL_IP = 0xcb007101;
/** Their numbers among IP's protocols. */
const TCP = 6;
export const UDP = 17;

function portOf(connection: number): number {
  return FIRST_PORT + (connection % (65_536 - FIRST_PORT));
}

const texts: string[] = [];
const textOf = new Float64Array(4096).fill(-1);

/** As a text, from a table of some thousand made lately: a run has few addresses and asks for each again and again. */
function dotted(address: number): string {
  const at = address & (textOf.length - 1);
  if (textOf[at] !== address) {
    textOf[at] = address;
    texts[at] = `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
  }
  return texts[at]!;
}
