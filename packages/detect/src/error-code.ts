import { baselineErrorCodes } from './baseline/error-code.ts';
import { calibrateErrorCodes } from './calibrate/error-code.ts';
import { metricErrorCodes } from './metric/error-code.ts';

/** Every error code of this package. */
export const detectErrorCodes = [
  'detect/configuration',
  'detect/not-fitted',
  'detect/disposed',
  'detect/input',
  'detect/normal-values',
  'detect/too-few-rows',
  'detect/no-fields',
  'detect/not-finite',
  'detect/aborted',
  'detect/uncalibrated',
  'model/corrupt',
  'model/unreadable',
  'model/too-new',
  'model/foreign',
  'model/checkpoint',
  ...calibrateErrorCodes,
  ...metricErrorCodes,
  ...baselineErrorCodes,
] as const;

export type DetectErrorCode = (typeof detectErrorCodes)[number];
