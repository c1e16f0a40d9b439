import type { RuntimeTensor } from './tensor.ts';

/** One loaded program. Runs may overlap; each call gets its own results. */
export interface Session extends AsyncDisposable {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Executes the program on exactly its inputs. `outputs` names those wanted, all by default; the
   * results are the caller's own. Throws `runtime/invalid-input` for feeds that do not fit.
   */
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    outputs?: readonly string[],
  ): Promise<Record<string, RuntimeTensor>>;
  /** Waits for the runs in flight and frees the memory; a second call does nothing. */
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Threads of one operator, from 1. Default: all cores in process, 1 in a worker pool and in WASM. */
  readonly threads?: number;
}

export type RuntimeName = 'native' | 'wasm';

/** A place where ONNX programs are executed. */
export interface Runtime extends AsyncDisposable {
  readonly name: RuntimeName;
  /** The version of ONNX Runtime. */
  readonly version: string;
  /** How many runs make progress at once: 1 in process, the number of workers in a pool. */
  readonly concurrency: number;
  /** Loads the bytes of an ONNX model. Throws `runtime/invalid-program`. */
  createSession(program: Uint8Array, options?: SessionOptions): Promise<Session>;
  /** Disposes of every session and ends what the runtime started; a second call does nothing. */
  dispose(): Promise<void>;
}
