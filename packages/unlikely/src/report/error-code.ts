/** The error codes of writing a report. */
export const reportErrorCodes = ['report/not-written'] as const;

export type ReportErrorCode = (typeof reportErrorCodes)[number];
