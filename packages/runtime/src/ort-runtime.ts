import { runtimeError } from './runtime-error.ts';
import { Lifetime } from './lifetime.ts';
import type { OrtInferenceSession, OrtModule, OrtSessionOptions, OrtTensor } from './ort-module.ts';
import type { Runtime, RuntimeName, Session, SessionOptions } from './runtime.ts';
import { checkFeeds, checkOutputs, readSignature } from './signature.ts';
import type { RuntimeTensor, TensorData, TensorType } from './tensor.ts';

export interface OrtRuntimeOptions {
  readonly name: RuntimeName;
  readonly version: string;
  readonly executionProvider: string;
  readonly defaultThreads: number;
}

/** A runtime in this thread over either ONNX Runtime package; a run blocks the thread. */
export function ortRuntime(ort: OrtModule, options: OrtRuntimeOptions): Runtime {
  const lifetime = new Lifetime('runtime');
  const sessions = new Set<Session>();
  const dispose = (): Promise<void> =>
    lifetime.end(async () => {
      await Promise.all([...sessions].map((session) => session.dispose()));
    });
  return {
    name: options.name,
    version: options.version,
    concurrency: 1,
    createSession: (program: Uint8Array, { threads }: SessionOptions = {}) =>
      lifetime.during(async () => {
        const inner = await load(ort, program, sessionOptions(options, threads));
        try {
          const session = ortSession(ort, inner, () => sessions.delete(session));
          sessions.add(session);
          return session;
        } catch (error) {
          await inner.release();
          throw error;
        }
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function sessionOptions(
  { executionProvider, defaultThreads }: OrtRuntimeOptions,
  threads = defaultThreads,
): OrtSessionOptions {
  return {
    executionProviders: [executionProvider],
    graphOptimizationLevel: 'all',
    // At any lower level ONNX Runtime writes to stderr what it also throws.
    logSeverityLevel: 4,
    intraOpNumThreads: threads,
    // A worker that waits must leave its core to the others.
    ...(threads === 1 && { extra: { session: { intra_op: { allow_spinning: '0' } } } }),
  };
}

async function load(
  ort: OrtModule,
  program: Uint8Array,
  options: OrtSessionOptions,
): Promise<OrtInferenceSession> {
  try {
    return await ort.InferenceSession.create(program, options);
  } catch (cause) {
    throw runtimeError(
      'runtime/invalid-program',
      `A valid ONNX program was expected; ONNX Runtime refused these ${program.byteLength} bytes: ${messageOf(cause)}`,
      { help: 'Check that the file is a complete ONNX model of a supported version.', cause },
    );
  }
}

function ortSession(ort: OrtModule, inner: OrtInferenceSession, onDisposed: () => void): Session {
  const lifetime = new Lifetime('session');
  const inputs = readSignature(inner.inputMetadata);
  const outputNames = readSignature(inner.outputMetadata).map(({ name }) => name);
  const dispose = (): Promise<void> =>
    lifetime.end(async () => {
      onDisposed();
      await inner.release();
    });
  return {
    inputNames: inputs.map(({ name }) => name),
    outputNames,
    run: (feeds, outputs = outputNames) =>
      lifetime.during(async () => {
        checkFeeds(inputs, feeds);
        checkOutputs(outputNames, outputs);
        const ortFeeds = Object.entries(feeds).map(([name, feed]) => [name, toOrt(ort, feed)]);
        try {
          const results = await inner.run(Object.fromEntries(ortFeeds), outputs);
          return Object.fromEntries(outputs.map((name) => [name, fromOrt(results[name]!)]));
        } catch (cause) {
          throw runtimeError(
            'runtime/run-failed',
            `ONNX Runtime could not execute the program: ${messageOf(cause)}`,
            { help: 'Check that the shapes of the feeds fit each other.', cause },
          );
        }
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function toOrt(ort: OrtModule, { type, data, dimensions }: RuntimeTensor): OrtTensor {
  // ONNX Runtime rejects memory shared between threads.
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer;
  return new ort.Tensor(type as never, (isShared ? data.slice() : data) as never, dimensions);
}

// Both packages copy results out of their own memory, so that nothing here is overwritten later.
function fromOrt({ type, data, dims }: OrtTensor): RuntimeTensor {
  return { type: type as TensorType, dimensions: [...dims], data: data as TensorData };
}

function messageOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replaceAll(/\s+/g, ' ').trim();
}
