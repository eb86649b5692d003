/** A worker of our own, with code of our own: Comlink may speak to it. It starts with the first question, and again after it broke. */
import * as Comlink from 'comlink';

export class Trusted<Session> {
  readonly #name: string;
  readonly #start: () => Worker;
  #running: { session: Comlink.Remote<Session>; broken: Promise<never> } | undefined;

  /** `name`: as it stands in a message to people. */
  constructor(name: string, start: () => Worker) {
    this.#name = name;
    this.#start = start;
  }

  /** Rejects if the worker breaks before it has answered. */
  ask<T>(question: (session: Comlink.Remote<Session>) => Promise<T>): Promise<T> {
    const { session, broken } = (this.#running ??= this.#open());
    return Promise.race([question(session), broken]);
  }

  #open() {
    const worker = this.#start();
    const broken = new Promise<never>((_, reject) => {
      worker.onerror = ({ message }) => {
        worker.terminate();
        this.#running = undefined;
        reject(new Error(`${this.#name} broke: ${message || 'it did not load'}.`));
      };
    });
    broken.catch(() => undefined);
    return { session: Comlink.wrap<Session>(worker), broken };
  }
}
