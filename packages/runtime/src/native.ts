import { availableParallelism } from 'node:os';
import type * as onnxruntime from 'onnxruntime-node';
import { ortRuntime } from './ort-runtime.ts';
import type { Runtime } from './runtime.ts';
import { unavailable } from './unavailable.ts';

/** Loads the package; replaced in tests of what happens without it. */
export type ImportNative = () => Promise<typeof onnxruntime>;

export const importNative: ImportNative = () => import('onnxruntime-node');

/**
 * ONNX Runtime in this thread, by its native package (Linux x64 and arm64 with glibc, macOS arm64,
 * Windows). A run blocks the event loop until it ends. Throws `runtime/unavailable`.
 */
export async function nativeRuntime(load: ImportNative = importNative): Promise<Runtime> {
  const ort = await load().catch((cause: unknown) => {
    throw unavailable('onnxruntime-node', cause);
  });
  return ortRuntime(ort, {
    name: 'native',
    version: ort.env.versions.node ?? ort.env.versions.common,
    executionProvider: 'cpu',
    // A given number of threads is not pinned to cores, so that processes can share them.
    defaultThreads: availableParallelism(),
  });
}
