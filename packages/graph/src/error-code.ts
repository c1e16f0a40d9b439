/** Every error code of this package. */
export const graphErrorCodes = [
  'graph/shape',
  'graph/type',
  'graph/not-differentiable',
  'graph/invalid',
  'onnx/corrupt',
  'onnx/unsupported',
  'internal',
] as const;

export type GraphErrorCode = (typeof graphErrorCodes)[number];
