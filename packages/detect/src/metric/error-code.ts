/** Every error code of the metrics. */
export const metricErrorCodes = ['metric/invalid-input'] as const;

export type MetricErrorCode = (typeof metricErrorCodes)[number];
