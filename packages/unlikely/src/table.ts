/** `unlikely/table`: anomalies in tables. The whole of `unlikely` has the same names. */
export { Detector } from './library/detector.ts';
export type { DetectorReportOptions } from './library/detector.ts';
export { openTable, openWriter, tableFromRecords } from './library/files.ts';
export type { PredictOptions, Prediction } from './library/prediction.ts';
export type { TableInput } from './library/table-input.ts';
export { nodePlatform } from './platform.ts';
export type { NodePlatformOptions } from './platform.ts';
