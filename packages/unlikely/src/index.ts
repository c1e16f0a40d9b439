/**
 * The library of Unlikely on Node: detectors on files, autoencoders on matrices, reports. Training
 * runs in a child process, scoring in worker threads; `nodePlatform` decides how.
 */
export { Detector } from './library/detector.ts';
export type { TableInput } from './library/detector.ts';
export { VAE } from './library/vae.ts';
export { Autoencoder } from './library/autoencoder.ts';
export { matrixOf } from './library/matrix-of.ts';
export { nodePlatform } from './platform.ts';
export type { NodePlatformOptions } from './platform.ts';

export { UnlikelyError } from '@unlikely/graph';
export { openTable, openWriter, tableFromRecords } from '@unlikely/data';
export type { Column, ColumnKind, Field, Schema, Table, TableOptions } from '@unlikely/data';
export {
  alertBudgetThreshold,
  areaUnderRoc,
  averagePrecision,
  benjaminiHochberg,
  bestF1Threshold,
  confusionAt,
  defaultConfiguration,
  precisionRecallCurve,
  rocCurve,
  version,
} from '@unlikely/detect';
export type {
  AnomalyKind,
  Attribution,
  Configuration,
  Confusion,
  EvaluateOptions,
  Evaluation,
  Explanation,
  FieldExplanation,
  FieldPower,
  FitMatrixOptions,
  Health,
  History,
  KindPower,
  Manifest,
  Matrix,
  Platform,
  PowerTest,
  ScoredBatch,
  ScoreOptions,
  Scores,
  TrainingEvent,
  TrainOptions,
} from '@unlikely/detect';
export { writeReport } from './report/write-report.ts';
export type { ReportData } from './report/report-data.ts';
