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
  'detect/platform',
  'detect/aborted',
  'detect/uncalibrated',
  'model/corrupt',
  'model/unreadable',
  'model/too-new',
  'model/foreign',
  'model/checkpoint',
  'calibrate/too-few',
  'calibrate/too-many',
  'calibrate/invalid-input',
  'metric/invalid-input',
  'baseline/invalid-input',
] as const;

export type DetectErrorCode = (typeof detectErrorCodes)[number];
