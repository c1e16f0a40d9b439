/** What holds anywhere; what executes programs is in `./node` and `./web`. */
export { runtimeErrorCodes } from './error-code.ts';
export type { RuntimeErrorCode } from './error-code.ts';
export type { Runtime, RuntimeName, Session, SessionOptions } from './runtime.ts';
export { sharedRuntime } from './shared-runtime.ts';
export type { RuntimeTensor, TensorData, TensorType } from './tensor.ts';
