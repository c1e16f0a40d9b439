/** ONNX programs in a browser. */
import './dispose-symbols.ts';

export { wasmRuntime } from './wasm-runtime.ts';
export type { WasmRuntimeOptions } from './wasm-runtime.ts';
export { webWorkerRuntime } from './web-worker-runtime.ts';
export type { WebWorkerRuntimeOptions } from './web-worker-runtime.ts';
