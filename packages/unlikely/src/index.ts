/**
 * The library of Unlikely on Node: detectors on tables and on images in files, autoencoders on matrices,
 * reports. Training runs in a child process, scoring in worker threads; `nodePlatform` decides how.
 */
export { Detector } from './library/detector.ts';
export type { DetectorReportOptions } from './library/detector.ts';
export type { TableInput } from './library/table-input.ts';
export type { ImagePrediction, PredictOptions, Prediction } from './library/prediction.ts';
export type {
  DataRecords,
  OneRecordOptions,
  RecordBatchesOptions,
  RecordOptions,
  RecordsOptions,
  ScoredRecord,
} from '@unlikely/detect';
export { memoryTable, memoryTableFromCsv } from '@unlikely/data/memory';
export type { CsvTextOptions, DataRecord, MemoryTableOptions } from '@unlikely/data/memory';
export { ImageDetector } from './library/image-detector.ts';
export type { ImageDetectorReportOptions } from './library/image-detector.ts';
export type {
  ImageCodes,
  ImageInput,
  MadeImages,
  ReadImagesOptions,
} from './library/image-input.ts';
export { VAE } from './library/vae.ts';
export { Autoencoder } from './library/autoencoder.ts';
export { matrixOf } from './library/matrix-of.ts';
export { nodePlatform } from './platform.ts';
export type { NodePlatformOptions } from './platform.ts';

export { UnlikelyError } from '@unlikely/graph/error';
export { heatMap, imageGrid } from '@unlikely/data/pictures';
export { openImages, openTable, openWriter, tableFromRecords, writePng } from './library/files.ts';
export type {
  HeatMapOptions,
  ImageBatch,
  ImageFilter,
  ImageGridOptions,
  ImageLevels,
  ImageSettings,
  ImageSettingsOptions,
  ImageSource,
  OpenImagesOptions,
} from '@unlikely/data';
export type { Column, ColumnKind, Field, Schema, Table, TableOptions } from '@unlikely/data';
export {
  alertBudgetThreshold,
  areaUnderRoc,
  averagePrecision,
  benjaminiHochberg,
  bestF1Threshold,
  confusionAt,
  defaultConfiguration,
  defaultImageConfiguration,
  precisionRecallCurve,
  rocCurve,
  version,
} from '@unlikely/detect/matrices';
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
  DrawCodesOptions,
  EvaluateImagesOptions,
  EvaluateOptions,
  EvaluationOptions,
  Evaluation,
  Explanation,
  FieldExplanation,
  FieldPower,
  FieldWords,
  FitMatrixOptions,
  GenerateOptions,
  Health,
  History,
  ImageConfiguration,
  ImageDetails,
  ImageManifest,
  Images,
  ImageScores,
  ImageTrainOptions,
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
  ScoredImages,
  ScoreImagesOptions,
  ScoreOptions,
  Scores,
  Suspect,
  TrainingEvent,
  TrainedModel,
  TrainOptions,
  Traversal,
  TraversalOptions,
} from '@unlikely/detect';
export { writeReport } from './report/write-report.ts';
export type { ReportData } from '@unlikely/report';
