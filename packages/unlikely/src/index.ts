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
  Attribute,
  CodeBatch,
  CodeSource,
  AnomalyKind,
  Attribution,
  Configuration,
  Confusion,
  Contamination,
  DenoisedBatch,
  DenoiseLimits,
  EvaluateOptions,
  Evaluation,
  Explanation,
  FieldExplanation,
  FieldPower,
  FitMatrixOptions,
  GenerateOptions,
  Health,
  History,
  KindPower,
  Manifest,
  Matrix,
  PathKind,
  Platform,
  ReconstructedBatch,
  RowBatch,
  RowOptions,
  RowRecord,
  PowerTest,
  ScoredBatch,
  ScoreOptions,
  Scores,
  Suspect,
  TrainingEvent,
  TrainOptions,
  Traversal,
  TraversalOptions,
} from '@unlikely/detect';
export { writeReport } from './report/write-report.ts';
export type { ReportData } from './report/report-data.ts';
