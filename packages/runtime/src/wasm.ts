import { ortRuntime } from './ort-runtime.ts';
import type { Runtime } from './runtime.ts';
import { wasmUnavailable } from './unavailable.ts';

/**
 * ONNX Runtime compiled to WebAssembly, in Node and in a browser; one thread, whatever a session
 * asks for. A run blocks the event loop until it ends. Throws `runtime/unavailable`.
 */
export async function wasmRuntime(): Promise<Runtime> {
  const ort = await import('#onnxruntime-web').catch((cause: unknown) => {
    throw wasmUnavailable(cause);
  });
  // More threads need shared memory, which a page only has under cross-origin isolation.
  ort.env.wasm.numThreads = 1;
  return ortRuntime(ort, {
    name: 'wasm',
    version: ort.env.versions.web ?? ort.env.versions.common,
    executionProvider: 'wasm',
    defaultThreads: 1,
  });
}
