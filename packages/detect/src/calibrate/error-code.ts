/** Every error code of calibration. */
export const calibrateErrorCodes = [
  'calibrate/too-few',
  'calibrate/too-many',
  'calibrate/invalid-input',
] as const;

export type CalibrateErrorCode = (typeof calibrateErrorCodes)[number];
