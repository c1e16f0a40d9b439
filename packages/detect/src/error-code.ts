/** Every error code of this package. */
export const detectErrorCodes = [
  'detect/configuration',
  'detect/not-fitted',
  'detect/disposed',
  'detect/input',
  'detect/too-few-rows',
  'detect/no-fields',
  'detect/not-finite',
  'detect/aborted',
  'detect/uncalibrated',
  'calibrate/too-few',
  'model/corrupt',
  'model/unreadable',
  'model/too-new',
  'model/foreign',
  'model/checkpoint',
] as const;

export type DetectErrorCode = (typeof detectErrorCodes)[number];
