/** What holds anywhere: `./node` and `./web` execute programs. */
export { runtimeErrorCodes } from './error-code.ts';
export type { RuntimeErrorCode } from './error-code.ts';
export type { Runtime, RuntimeName, Session, SessionOptions } from './runtime.ts';
export type { RuntimeTensor, TensorData, TensorType } from './tensor.ts';
