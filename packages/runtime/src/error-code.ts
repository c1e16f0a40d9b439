/** What this package throws. */
export type RuntimeErrorCode =
  /** ONNX Runtime refuses the program, or it uses element types that this package does not carry. */
  | 'runtime/invalid-program'
  /** A feed or a requested output does not fit the program. */
  | 'runtime/invalid-input'
  /** ONNX Runtime failed while it executed a valid program. */
  | 'runtime/run-failed'
  /** A session or a runtime was used after its disposal. */
  | 'runtime/disposed'
  /** The process or worker that held the sessions ended before it answered. */
  | 'runtime/process-lost'
  /** No ONNX Runtime could be loaded. */
  | 'runtime/unavailable';

export const runtimeErrorCodes: readonly RuntimeErrorCode[] = [
  'runtime/invalid-program',
  'runtime/invalid-input',
  'runtime/run-failed',
  'runtime/disposed',
  'runtime/process-lost',
  'runtime/unavailable',
];
