/** Every error code of the baselines. */
export const baselineErrorCodes = ['baseline/invalid-input'] as const;

export type BaselineErrorCode = (typeof baselineErrorCodes)[number];
