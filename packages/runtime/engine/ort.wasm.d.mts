/** What `src/web/wasm-runtime.ts` uses of the module beside this file, which `scripts/prepare-packages.mjs` puts here. */
import type { OrtModule } from '../src/ort-module.ts';

export declare const env: {
  readonly versions: { readonly web?: string; readonly common: string };
  readonly wasm: { numThreads: number; wasmBinary?: ArrayBuffer };
};
export declare const InferenceSession: OrtModule['InferenceSession'];
export declare const Tensor: OrtModule['Tensor'];
