import { availableParallelism } from 'node:os';
import type { OrtModule } from '../ort-module.ts';
import { ortRuntime } from '../ort-runtime.ts';
import type { Runtime } from '../runtime.ts';
import { silenceTelemetry } from './silence-telemetry.ts';
import { nativeUnavailable, notSilent } from './native-unavailable.ts';

/** The native package, in the part that is used here. */
export interface NativeModule extends OrtModule {
  readonly env: { readonly versions: { readonly node?: string; readonly common: string } };
}

/** Loads the package; replaced in tests of what happens without it. */
export type ImportNative = () => Promise<NativeModule>;

/**
 * The package that holds the binaries of this platform alone, or else the one of ONNX Runtime itself,
 * which holds those of all platforms and has an install script that fetches more from elsewhere.
 */
export const importNative: ImportNative = async () => {
  try {
    return await importModule(`@unlikely/onnxruntime-${process.platform}-${process.arch}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return importModule('onnxruntime-node');
  }
};

async function importModule(name: string): Promise<NativeModule> {
  return (await import(name)) as NativeModule;
}

/**
 * ONNX Runtime in this thread, by its native package (Linux x64 and arm64 with glibc, macOS arm64,
 * Windows). A run blocks the event loop until it ends. Throws `runtime/unavailable`, in a worker
 * thread also where telemetry cannot be turned off any more.
 */
export async function nativeRuntime(load: ImportNative = importNative): Promise<Runtime> {
  if (!silenceTelemetry()) throw notSilent();
  const ort = await load().catch((cause: unknown) => {
    throw nativeUnavailable(cause);
  });
  return ortRuntime(ort, {
    name: 'native',
    version: ort.env.versions.node ?? ort.env.versions.common,
    executionProvider: 'cpu',
    // A given number of threads is not pinned to cores, so that processes can share them.
    defaultThreads: availableParallelism(),
  });
}
