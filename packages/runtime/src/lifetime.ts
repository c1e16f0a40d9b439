import { runtimeError } from './runtime-error.ts';

/**
 * Counts the work in flight of something disposable: work is refused after disposal has begun, and
 * what frees the resources runs once, when the last work has ended.
 */
export class Lifetime {
  readonly #what: string;
  readonly #inFlight = new Set<Promise<unknown>>();
  #disposal: Promise<void> | undefined;

  /** `what` names the thing in messages, for example "session". */
  constructor(what: string) {
    this.#what = what;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#disposal !== undefined) {
      throw runtimeError(
        'runtime/disposed',
        `The ${this.#what} must be alive to be used, but it has been disposed of.`,
        { help: `Use the ${this.#what} before its disposal, or create another one.` },
      );
    }
    const promise = work();
    this.#inFlight.add(promise);
    try {
      return await promise;
    } finally {
      this.#inFlight.delete(promise);
    }
  }

  end(free: () => Promise<void>): Promise<void> {
    this.#disposal ??= Promise.allSettled(this.#inFlight).then(free);
    return this.#disposal;
  }
}
