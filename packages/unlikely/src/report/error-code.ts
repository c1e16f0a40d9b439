/** The error codes of writing a report. */
export const reportErrorCodes = ['report/unknown-format'] as const;

export type ReportErrorCode = (typeof reportErrorCodes)[number];
