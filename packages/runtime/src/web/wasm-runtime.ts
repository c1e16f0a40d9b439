import type { UnlikelyError } from '@unlikely/graph/error';
import type { RuntimeErrorCode } from '../error-code.ts';
import { ortRuntime } from '../ort-runtime.ts';
import type { Runtime } from '../runtime.ts';
import { firstLine, unavailable } from '../unavailable.ts';

export interface WasmRuntimeOptions {
  /**
   * In a browser: where the file `engine/ort-wasm-simd-threaded.wasm` of this package is served.
   * Default: where Vite and webpack put it by themselves.
   */
  readonly engine?: string | URL;
}

/**
 * ONNX Runtime compiled to WebAssembly, in Node and in a browser; one thread, whatever a session
 * asks for. A run blocks the event loop until it ends. Throws `runtime/unavailable`.
 */
export async function wasmRuntime({ engine }: WasmRuntimeOptions = {}): Promise<Runtime> {
  const ort = await import('#onnxruntime-web').catch((cause: unknown) => {
    throw wasmUnavailable(cause);
  });
  // More threads need shared memory, which a page only has under cross-origin isolation.
  ort.env.wasm.numThreads = 1;
  const place = new URL(engine ?? defaultEngine(), import.meta.url);
  // In Node ONNX Runtime reads the file itself.
  if (place.protocol !== 'file:') ort.env.wasm.wasmBinary ??= await fetchEngine(place);
  return ortRuntime(ort, {
    name: 'wasm',
    version: ort.env.versions.web ?? ort.env.versions.common,
    executionProvider: 'wasm',
    defaultThreads: 1,
  });
}

// Written so that bundlers see the file and put it beside what they build.
function defaultEngine(): URL {
  return new URL('../../engine/ort-wasm-simd-threaded.wasm', import.meta.url);
}

/** ONNX Runtime would call a file that is not there a program that it refuses. */
async function fetchEngine(place: URL): Promise<ArrayBuffer> {
  const answer = await fetch(place).catch((cause: unknown) => {
    throw engineMissing(place, firstLine(cause), cause);
  });
  if (!answer.ok) throw engineMissing(place, `the answer ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  if (isWebAssembly(bytes)) return bytes;
  throw engineMissing(place, 'something else');
}

function isWebAssembly(bytes: ArrayBuffer): boolean {
  const magic = [0, ...new TextEncoder().encode('asm')];
  const start = new Uint8Array(bytes, 0, Math.min(magic.length, bytes.byteLength));
  return magic.every((byte, index) => start[index] === byte);
}

function wasmUnavailable(cause: unknown): UnlikelyError<RuntimeErrorCode> {
  const help = 'Install Unlikely anew; in a clone of its repository: npm ci';
  return unavailable(
    `The WebAssembly ONNX Runtime does not load: ${firstLine(cause)}.`,
    help,
    cause,
  );
}

function engineMissing(place: URL, came: string, cause?: unknown): UnlikelyError<RuntimeErrorCode> {
  return unavailable(
    `The WebAssembly of ONNX Runtime was expected at ${place.href}; ${came} came.`,
    'Serve the file engine/ort-wasm-simd-threaded.wasm of @unlikely/runtime there, or name its address as `engine`.',
    cause,
  );
}
