export { Autoencoder } from './modality/table/matrix/autoencoder.ts';
export { completeImageConfiguration } from './modality/image/check-configuration.ts';
export type { ScoreChoiceRecord } from './modality/image/power/choose-score.ts';
export type { EvaluateImagesOptions } from './modality/image/evaluate.ts';
export { defaultImageConfiguration, imageParameters } from './modality/image/parameters.ts';
export type { ImageConfiguration } from './modality/image/configuration.ts';
export { ImageDetector } from './modality/image/detector.ts';
export type { ImageTrainOptions } from './modality/image/detector.ts';
export type { ScoreOptions as ScoreImagesOptions } from './modality/modality.ts';
export type { ImageDetails, ImageScores, ScoredImages } from './modality/image/score/scores.ts';
export type { ImageHealth } from './modality/image/health.ts';
export type { ImageManifest } from './modality/image/manifest.ts';
export { kindOf, modelKindOf } from './artifact/kind-of.ts';
export { imageScoreKinds } from './modality/image/score-kind.ts';
export type { ImageScoreKind } from './modality/image/score-kind.ts';
export type { Images, ImageShape } from './modality/image/images.ts';
export { completeConfiguration } from './modality/table/check-configuration.ts';
export type { Configuration } from './modality/table/configuration.ts';
export { jsonSchemaOf } from './parameter/json-schema.ts';
export type { JsonSchema } from './parameter/json-schema.ts';
export { isOf, wordsOf } from './parameter/parameter.ts';
export type { Parameter, Parameters, Shape } from './parameter/parameter.ts';
export { defaultConfiguration, tableParameters } from './modality/table/parameters.ts';
export type { ColumnLikelihoods } from './modality/table/parameters.ts';
export { TableDetector as Detector } from './modality/table/detector.ts';
export { mapInOrder } from './modality/table/records/map-in-order.ts';
export type {
  DataRecords,
  OneRecordOptions,
  RecordBatchesOptions,
  RecordOptions,
  RecordsOptions,
  ScoredRecord,
} from './modality/table/records/record-options.ts';
export { recognitionOf } from './known/known-rows.ts';
export type { KnownRows } from './known/known-rows.ts';
export type { ScoreOptions } from './modality/table/score/score-options.ts';
export { detectErrorCodes } from './error-code.ts';
export type { DetectErrorCode } from './error-code.ts';
export type {
  BaselineResult,
  EvaluateOptions,
  EvaluationOptions,
  Evaluation,
  ValueResult,
} from './evaluate/evaluation.ts';
export type { Attribution } from './modality/table/score/attribution.ts';
export type { Explanation, FieldExplanation } from './modality/table/explain/explanation.ts';
export type { FieldWords } from './modality/table/explain/field-words.ts';
export { formatNumber } from './modality/table/explain/format-number.ts';
export { checkpointAt, removeCheckpoint } from './train/checkpoint-file.ts';
export type { Calibrations, CommonManifest, History, Kind } from './artifact/manifest.ts';
export type { Manifest } from './modality/table/manifest.ts';
export type { Contamination, Suspect } from './contamination/contamination.ts';
export { estimateContamination } from './contamination/estimate-contamination.ts';
export type { ContaminationEstimate } from './contamination/estimate-contamination.ts';
export type { Attribute } from './latent/attribute.ts';
export type { PathKind } from './latent/code-path.ts';
export type { DenoiseLimits } from './modality/table/generate/denoise-rows.ts';
export type { CodeSource } from './latent/draw-codes.ts';
export type { GenerateOptions } from './modality/table/generate/generate-rows.ts';
export { codesOfTable } from './modality/table/generate/codes-of-table.ts';
export type { DrawCodesOptions, InterpolationOptions, Latent } from './latent/latent.ts';
export { codeColumns } from './modality/table/generate/row-batch.ts';
export type { RowOptions } from './modality/table/column/read-rows.ts';
export type {
  CodeBatch,
  DenoisedBatch,
  ReconstructedBatch,
  RowBatch,
} from './modality/table/generate/row-batch.ts';
export type { Traversal, TraversalOptions } from './latent/traversal.ts';
export type { ValueColumn } from './modality/table/generate/value-columns.ts';
export type { Health } from './modality/table/health.ts';
export type { Matrix } from './matrix.ts';
export type { Platform } from './platform.ts';
export { anomalyKinds, shiftSizes } from './modality/table/power/anomaly-kind.ts';
export type { AnomalyKind } from './modality/table/power/anomaly-kind.ts';
export { smallestShift } from './modality/table/power/field-power.ts';
export type { FieldPower } from './modality/table/power/field-power.ts';
export { injectAnomalies } from './modality/table/power/inject-anomalies.ts';
export type { InjectedRows, InjectionInput } from './modality/table/power/inject-anomalies.ts';
export type { BaselinePower, KindPower, PowerTest } from './modality/table/power/power-test.ts';
export type { ScoredBatch, ScoreDetails } from './modality/table/score/scored-batch.ts';
export type { RowRecord, Rows } from './modality/table/rows.ts';
export { scoreKinds } from './modality/table/score-kind.ts';
export type { ScoreKind } from './modality/table/score-kind.ts';
export { contaminatedConfiguration } from './modality/table/train/train-options.ts';
export type { TrainedModel, TrainOptions } from './modality/table/train/train-options.ts';
export type { TrainingEvent } from './train/training-event.ts';
export type { ScoreChoice } from './modality/table/scored-by.ts';
export { VAE } from './modality/table/matrix/vae.ts';
export type { FitMatrixOptions } from './modality/table/matrix/fit-matrix-options.ts';
export type { Scores } from './modality/table/score/scores.ts';
export { version } from './version.ts';
export { measureDrift } from './modality/table/drift/drift.ts';
export type { Drift, FieldDrift } from './modality/table/drift/drift.ts';
export { imageWords } from './modality/image/words.ts';
export { tableWords } from './modality/table/words.ts';
export type { Words } from './modality/words.ts';

export { baselineTitles } from './baseline/baseline.ts';
export type { Baseline, BaselineName, FittedBaseline } from './baseline/baseline.ts';
export { alertBudgetThreshold, highestRows } from './calibrate/alert-budget.ts';
export { rowOrderWords } from './calibrate/row-order.ts';
export type { RowOrder } from './calibrate/row-order.ts';
export { benjaminiHochberg } from './calibrate/benjamini-hochberg.ts';
export type { Discoveries } from './calibrate/benjamini-hochberg.ts';
export { binomialBound } from './calibrate/binomial-bound.ts';
export { ConformalCalibration, calibrationLimit } from './calibrate/conformal-calibration.ts';
export { fewestDiscoveries } from './calibrate/fewest-discoveries.ts';
export { falsePositiveBound } from './calibrate/false-positive-bound.ts';
export type { FalsePositiveBoundOptions } from './calibrate/false-positive-bound.ts';
export { areaUnderRoc } from './metric/area-under-roc.ts';
export { averagePrecision } from './metric/average-precision.ts';
export { calibrationCurve } from './metric/calibration-curve.ts';
export type { CalibrationCurveOptions, CalibrationPoint } from './metric/calibration-curve.ts';
export { bestF1Threshold, confusionAt } from './metric/confusion.ts';
export type { Confusion } from './metric/confusion.ts';
export { precisionRecallCurve, rocCurve } from './metric/curve.ts';
export type { PrecisionRecallPoint, RocPoint } from './metric/curve.ts';
export { rankCorrelation } from './metric/rank-correlation.ts';
export type { ScoreArray } from './metric/check-input.ts';
