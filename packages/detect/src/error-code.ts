import { baselineErrorCodes } from './baseline/error-code.ts';
import type { BaselineErrorCode } from './baseline/error-code.ts';
import { calibrateErrorCodes } from './calibrate/error-code.ts';
import type { CalibrateErrorCode } from './calibrate/error-code.ts';
import { metricErrorCodes } from './metric/error-code.ts';
import type { MetricErrorCode } from './metric/error-code.ts';

const ownCodes = [
  'detect/configuration',
  'detect/not-fitted',
  'detect/disposed',
  'detect/input',
  'detect/normal-values',
  'detect/too-few-rows',
  'detect/no-fields',
  'detect/not-finite',
  'detect/platform',
  'detect/aborted',
  'detect/uncalibrated',
  'model/corrupt',
  'model/unreadable',
  'model/too-new',
  'model/foreign',
  'model/checkpoint',
] as const;

export type DetectErrorCode =
  (typeof ownCodes)[number] | CalibrateErrorCode | MetricErrorCode | BaselineErrorCode;

/** Every error code of this package. */
export const detectErrorCodes: readonly DetectErrorCode[] = [
  ...ownCodes,
  ...calibrateErrorCodes,
  ...metricErrorCodes,
  ...baselineErrorCodes,
];
