import type { Request } from './policy.ts';

/** What all requests of one class of one client have in common. */
export interface RequestTemplate {
  readonly client: string;
  readonly class: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Frozen: every request of the class shares it. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The view of a request that policies are handed; read-only in the manner of BackendView. Unlike that one it stays extensible: there is one
 * per request, and closing it would cost more than making it. The engine never reads its own facts back from here.
 */
export class RequestView implements Request {
  readonly #id: number;
  readonly #connection: number;
  readonly #template: RequestTemplate;

  constructor(id: number, connection: number, template: RequestTemplate) {
    this.#id = id;
    this.#connection = connection;
    this.#template = template;
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
    return this.#template.host;
  }
  get path(): string {
    return this.#template.path;
  }
  get headers(): Readonly<Record<string, string>> {
    return this.#template.headers;
  }

  static {
    Reflect.deleteProperty(this.prototype, 'constructor');
    Object.freeze(this.prototype);
  }
}
