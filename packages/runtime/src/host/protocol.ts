import { UnlikelyError } from '@unlikely/graph/error';
import type { RuntimeName } from '../runtime.ts';
import type { RuntimeTensor } from '../tensor.ts';

/** What the host is asked to execute programs with. */
export interface RuntimeChoice {
  readonly prefer: RuntimeName;
  /** In a browser: where ONNX Runtime's WebAssembly is served, see `wasmRuntime`. */
  readonly engine?: string | undefined;
}

/**
 * The messages between a thread that wants programs executed and the host, a child process or a
 * worker, that does it. Each request has one reply with its number; `end` has none: the host ends.
 */
export interface HostCalls {
  start: {
    request: RuntimeChoice & { readonly defaultThreads: number | undefined };
    reply: {
      readonly name: RuntimeName;
      readonly version: string;
      readonly fallback: string | undefined;
    };
  };
  create: {
    request: {
      readonly session: number;
      readonly program: Uint8Array;
      readonly threads: number | undefined;
    };
    reply: { readonly inputNames: readonly string[]; readonly outputNames: readonly string[] };
  };
  run: {
    request: {
      readonly session: number;
      readonly feeds: Readonly<Record<string, RuntimeTensor>>;
      readonly outputs: readonly string[] | undefined;
    };
    reply: Record<string, RuntimeTensor>;
  };
  dispose: { request: { readonly session: number }; reply: null };
}

export type HostCall = keyof HostCalls;

export type HostMessage =
  | {
      [K in HostCall]: { readonly call: K; readonly id: number } & HostCalls[K]['request'];
    }[HostCall]
  | { readonly call: 'end' };

export type HostReply =
  | { readonly id: number; readonly value: HostCalls[HostCall]['reply'] }
  | { readonly id: number; readonly error: PlainError };

/** An error as data: classes do not survive the passage between processes. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly help: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof UnlikelyError) {
    const { code, message, help, details } = error;
    return { code, message, help, details };
  }
  const message = `internal: ${error instanceof Error ? error.message : String(error)}`;
  return { code: 'internal', message, help: undefined, details: {} };
}

export function fromPlainError({ code, message, help, details }: PlainError): UnlikelyError {
  return new UnlikelyError(code, message, { details, ...(help !== undefined && { help }) });
}

/** The buffers that the tensors fill completely, and that can therefore change hands. */
export function ownedBuffers(tensors: Readonly<Record<string, RuntimeTensor>>): ArrayBuffer[] {
  const buffers = Object.values(tensors)
    .filter(({ data }) => data.byteLength === data.buffer.byteLength)
    .map(({ data }) => data.buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
  return [...new Set(buffers)];
}
