import { UnlikelyError } from '@unlikely/graph/error';
import { importNative, nativeRuntime } from './native-runtime.ts';
import type { ImportNative } from './native-runtime.ts';
import type { Runtime, RuntimeName } from '../runtime.ts';
import { wasmRuntime } from '../web/wasm-runtime.ts';

export interface ChooseRuntimeOptions {
  /** Default `native`. */
  readonly prefer?: RuntimeName;
  /** Told in words why the native runtime is not used though it was preferred. */
  readonly onFallback?: (message: string) => void;
}

/** The native runtime where its package loads, else WASM, in this thread. */
export async function chooseRuntime(
  { prefer = 'native', onFallback }: ChooseRuntimeOptions = {},
  load: ImportNative = importNative,
): Promise<Runtime> {
  if (prefer === 'wasm') return wasmRuntime();
  try {
    return await nativeRuntime(load);
  } catch (error) {
    if (!(error instanceof UnlikelyError)) throw error;
    onFallback?.(
      `${error.message} WebAssembly computes instead, in one thread, two to three times slower on two cores. ${error.help}`,
    );
    return wasmRuntime();
  }
}
