/** ONNX programs in Node: in this thread, in a child process, in a pool of workers. */
export { wasmRuntime } from '../web/wasm-runtime.ts';
export { childProcessRuntime } from './child-process-runtime.ts';
export type { ChildProcessRuntime, ChildProcessRuntimeOptions } from './child-process-runtime.ts';
export { chooseRuntime } from './choose-runtime.ts';
export type { ChooseRuntimeOptions } from './choose-runtime.ts';
export { nativeRuntime } from './native-runtime.ts';
export { workerPoolRuntime } from './worker-pool-runtime.ts';
export type { WorkerPoolRuntimeOptions } from './worker-pool-runtime.ts';
