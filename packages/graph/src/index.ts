export { errorFactory, internalError, UnlikelyError } from './error.ts';
export type { ErrorDetail, ErrorFactory } from './error.ts';
export { graphErrorCodes } from './error-code.ts';
export type { GraphErrorCode } from './error-code.ts';

export type { DataType, Dimension, Node, Shape, Tensor, TensorData } from './tensor.ts';
export { elementCount, printShape, sameShape } from './tensor.ts';
export type { OperatorKind, OperatorParameters } from './tensor.ts';
export { inputNameOf, makeGraph } from './graph.ts';
export type { Graph, GraphOutput } from './tensor.ts';
export { nodesOf, topologicalOrder } from './walk.ts';
export { printGraph } from './print.ts';
export { verify } from './verify.ts';
export { rewriteGraph } from './rewrite.ts';
export { foldConstants } from './pass/fold-constants.ts';
export { shareSubexpressions } from './pass/share-subexpressions.ts';
export { selectOutputs } from './pass/select-outputs.ts';
export { optimise } from './pass/optimise.ts';
export { differentiate } from './differentiate.ts';

export {
  abs,
  add,
  and,
  argMax,
  cast,
  clip,
  concat,
  constant,
  convolution,
  convolutionTranspose,
  divide,
  equal,
  exp,
  expand,
  floor,
  gather,
  gatherRows,
  gemm,
  greater,
  input,
  isNaN,
  less,
  log,
  logSoftmax,
  matMul,
  matrixTranspose,
  maximum,
  minimum,
  multiply,
  negate,
  not,
  or,
  pad,
  power,
  reciprocal,
  reduceL2,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceSum,
  reduceSumSquare,
  relu,
  reshape,
  scan,
  sigmoid,
  sign,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  subtract,
  tanh,
  transpose,
  unsqueeze,
  where,
} from './build.ts';
export type { Operand, ReduceOptions } from './build.ts';

export { adam, adamW } from './optimiser/adam.ts';
export type { AdamOptions } from './optimiser/adam.ts';
export { clipByGlobalNorm } from './optimiser/clip-by-global-norm.ts';
export type { Optimiser, OptimiserInput, OptimiserOutput } from './optimiser/optimiser.ts';
export { constantSchedule, linearWarmUp, warmUpCosine } from './optimiser/schedule.ts';
export type { Schedule } from './optimiser/schedule.ts';
export { sgd } from './optimiser/sgd.ts';
export { parameterCount, parameterRange, splitParameters } from './program/parameters.ts';
export type { ParameterLayout, ParameterSlot } from './program/parameters.ts';
export {
  applyProgram,
  gradientProgram,
  slotNames,
  trainingProgram,
} from './program/training-program.ts';
export type { TrainingObjective, TrainingProgram } from './program/training-program.ts';

export { onnxIrVersion, onnxOperatorSet, writeModel } from './onnx/write-model.ts';
export { readEnvelope, readEnvelopeOf } from './onnx/model-envelope.ts';
export type { ByteRange, ModelEnvelope } from './onnx/model-envelope.ts';
export { readConstants, readMetadata, readModel } from './onnx/read-model.ts';
export type { StoredConstant } from './onnx/read-model.ts';
export type { ReadModel } from './onnx/read-model.ts';

export { fillIntegers, fillNormal, fillUniform } from './random/fill.ts';
export type { RandomSource } from './random/fill.ts';
export { randomErrorCodes } from './random/error-code.ts';
export type { RandomErrorCode } from './random/error-code.ts';
export { normalQuantile } from './random/normal-quantile.ts';
export type { RandomKey } from './random/philox.ts';
export { quasiNormal } from './random/quasi-normal.ts';
export { RandomStream } from './random/random-stream.ts';
export type { PathStep } from './random/random-stream.ts';
