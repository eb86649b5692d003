import type { Backend, Request } from '../core/policy.ts';

/**
 * The pool as it was configured, for pickers whose real system also counts those that are out. Where only the eligible ones are told, who left keeps its
 * place here, marked as out, until a backend appears that was never seen: that is a new configuration, of those eligible then.
 */
export class Configured {
  list: readonly Backend[] = [];
  #places = new Map<Backend, number>();
  #in = new Uint8Array(0);

  /** Answers whether this is another list than before. */
  configure(members: readonly Backend[]): boolean {
    if (members.length === this.list.length && members.every((member, at) => member === this.list[at])) return false;
    this.list = members.slice();
    this.#places = new Map(this.list.map((backend, at) => [backend, at]));
    this.#in = new Uint8Array(this.list.length);
    return true;
  }

  /** Answers whether this is a new configuration. */
  offer(eligible: readonly Backend[]): boolean {
    const isNew = eligible.some((backend) => !this.#places.has(backend)) && this.configure(eligible);
    this.#in.fill(0);
    for (const backend of eligible) this.#in[this.#places.get(backend)!] = 1;
    return isNew;
  }

  isIn(at: number): boolean {
    return this.#in[at] === 1;
  }

  /** May this attempt go there: is it in, has it room, and did no earlier attempt go there? */
  isFree(at: number, { tried }: Request): boolean {
    const backend = this.list[at]!;
    return this.#in[at] === 1 && !backend.full && (tried.length === 0 || !tried.includes(backend));
  }
}
