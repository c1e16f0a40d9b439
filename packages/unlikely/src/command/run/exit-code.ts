import type { DataErrorCode } from '@unlikely/data';
import type { DetectErrorCode } from '@unlikely/detect';
import type { GraphErrorCode, RandomErrorCode } from '@unlikely/graph';
import type { RuntimeErrorCode } from '@unlikely/runtime';
import type { ReportErrorCode } from '../../report/error-code.ts';
import type { CommandErrorCode } from './error-code.ts';

/** How a command ends; the README lists the same meanings. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 130 | 143;

export const exitCodes: {
  readonly done: 0;
  readonly failure: 1;
  readonly usage: 2;
  readonly input: 3;
  readonly gate: 4;
  readonly model: 5;
  readonly interrupted: 130;
  readonly terminated: 143;
} = {
  done: 0,
  failure: 1,
  usage: 2,
  input: 3,
  gate: 4,
  model: 5,
  interrupted: 130,
  terminated: 143,
};

/** Every code of every package: a new one without an exit code does not compile. */
export type ErrorCode =
  | GraphErrorCode
  | RandomErrorCode
  | RuntimeErrorCode
  | DataErrorCode
  | DetectErrorCode
  | ReportErrorCode
  | CommandErrorCode;

const { failure, usage, input, gate, model, interrupted, terminated } = exitCodes;

export const exitCodeOf: Readonly<Record<ErrorCode, ExitCode>> = {
  internal: failure,
  'graph/shape': failure,
  'graph/type': failure,
  'graph/not-differentiable': failure,
  'graph/invalid': failure,
  'onnx/corrupt': model,
  'onnx/unsupported': model,
  'random/invalid-argument': failure,

  'runtime/invalid-program': failure,
  'runtime/invalid-input': failure,
  'runtime/run-failed': failure,
  'runtime/disposed': failure,
  'runtime/process-lost': failure,
  'runtime/unavailable': failure,

  'data/file-not-found': input,
  'data/is-directory': input,
  'data/unreadable': input,
  'data/unknown-format': input,
  'data/empty': input,
  'data/ragged': input,
  'data/malformed': input,
  'data/encoding': input,
  'data/duplicate-column': input,
  'data/missing-column': input,
  'data/retyped-column': input,
  'data/mismatched-files': input,
  'data/wrong-option': usage,
  'data/row-mismatch': failure,
  'data/row-out-of-range': usage,
  'data/not-writable': failure,
  'data/disk-full': failure,
  'data/out-of-memory': failure,
  'data/closed': failure,
  'data/no-images': input,
  'data/unreadable-images': input,
  'data/image-too-large': input,
  'data/no-image-decoder': failure,

  'detect/configuration': usage,
  'detect/not-fitted': failure,
  'detect/disposed': failure,
  'detect/input': input,
  'detect/normal-values': input,
  'detect/too-few-rows': input,
  'detect/no-fields': input,
  'detect/not-finite': failure,
  'detect/platform': failure,
  'detect/aborted': interrupted,
  'detect/uncalibrated': usage,
  'calibrate/too-few': usage,
  'calibrate/too-many': usage,
  'calibrate/invalid-input': failure,
  'metric/invalid-input': failure,
  'baseline/invalid-input': failure,
  'model/corrupt': model,
  'model/unreadable': input,
  'model/too-new': model,
  'model/foreign': model,
  'model/checkpoint': model,

  'report/unknown-format': usage,

  'usage/invalid': usage,
  'usage/missing': usage,
  'usage/configuration': usage,
  'gate/failed': gate,
  'command/wrong-kind': input,
  'command/interrupted': interrupted,
  'command/terminated': terminated,
  'command/not-writable': failure,
};
