import type { Runtime } from '@unlikely/runtime';
import type { Platform } from '../platform.ts';
import { requireAlive } from '../require-alive.ts';
import type { Blocks } from './blocks.ts';

/** The programs of a model: each is made once, when it is first asked for, on one runtime that lives until `dispose`. */
export class Programs implements AsyncDisposable {
  readonly #platform: Platform;
  readonly #opened = new Map<string, Promise<Blocks<object>>>();
  #runtime: Promise<Runtime> | undefined;
  #disposed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The runtime that everything here runs on. Throws `detect/disposed`. */
  runtime(): Promise<Runtime> {
    requireAlive(this.#disposed);
    this.#runtime ??= this.#platform.scoringRuntime();
    return this.#runtime;
  }

  /** @param key Says which program `create` makes. Throws `detect/disposed`. */
  open<Of extends object>(
    key: string,
    create: (runtime: Runtime) => Promise<Blocks<Of>>,
  ): Promise<Blocks<Of>> {
    const runtime = this.runtime();
    const known = this.#opened.get(key) as Promise<Blocks<Of>> | undefined;
    if (known !== undefined) return known;
    const blocks = runtime.then(create);
    this.#opened.set(key, blocks as Promise<Blocks<object>>);
    // A failure is the caller's to see; the next call tries anew.
    blocks.catch(() => this.#opened.delete(key));
    return blocks;
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await (await this.#runtime)?.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
