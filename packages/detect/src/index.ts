export { Autoencoder } from './autoencoder.ts';
export { completeImageConfiguration } from './image/check-image-configuration.ts';
export type { ScoreChoiceRecord } from './image/choose-score.ts';
export type { EvaluateImagesOptions } from './image/evaluate-images.ts';
export { defaultImageConfiguration, imageParameters } from './image/image-parameters.ts';
export type { ImageConfiguration } from './image/image-configuration.ts';
export { ImageDetector } from './image/image-detector.ts';
export type { ImageTrainOptions } from './image/image-detector.ts';
export type { ScoreOptions as ScoreImagesOptions } from './modality/modality.ts';
export type { ImageDetails, ImageScores, ScoredImages } from './image/image-scores.ts';
export type { ImageHealth } from './image/image-health.ts';
export type { ImageManifest } from './image/image-manifest.ts';
export { kindOf, modelKindOf } from './artifact/kind-of.ts';
export { imageScoreKinds } from './image/image-score-kind.ts';
export type { ImageScoreKind } from './image/image-score-kind.ts';
export type { Images, ImageShape } from './image/images.ts';
export { completeConfiguration } from './check-configuration.ts';
export type { Configuration } from './configuration.ts';
export { jsonSchemaOf } from './parameter/json-schema.ts';
export type { JsonSchema } from './parameter/json-schema.ts';
export { isOf, wordsOf } from './parameter/parameter.ts';
export type { Parameter, Parameters, Shape } from './parameter/parameter.ts';
export { defaultConfiguration, tableParameters } from './parameter/table-parameters.ts';
export type { ColumnLikelihoods } from './parameter/table-parameters.ts';
export { TableDetector as Detector } from './table-detector.ts';
export { mapInOrder } from './records/map-in-order.ts';
export type {
  DataRecords,
  OneRecordOptions,
  RecordBatchesOptions,
  RecordOptions,
  RecordsOptions,
  ScoredRecord,
} from './records/record-options.ts';
export { recognitionOf } from './known/known-rows.ts';
export type { KnownRows } from './known/known-rows.ts';
export type { ScoreOptions } from './score/score-options.ts';
export { detectErrorCodes } from './error-code.ts';
export type { DetectErrorCode } from './error-code.ts';
export type {
  BaselineResult,
  EvaluateOptions,
  EvaluationOptions,
  Evaluation,
  ValueResult,
} from './evaluate/evaluation.ts';
export type { Attribution } from './explain/attribution.ts';
export type { Explanation, FieldExplanation } from './explain/explanation.ts';
export type { FieldWords } from './explain/field-words.ts';
export { formatNumber } from './explain/format-number.ts';
export { checkpointAt, removeCheckpoint } from './artifact/checkpoint-file.ts';
export type { Calibrations, CommonManifest, History, Kind, Manifest } from './artifact/manifest.ts';
export type { Contamination, Suspect } from './contamination/contamination.ts';
export { estimateContamination } from './contamination/estimate-contamination.ts';
export type { ContaminationEstimate } from './contamination/estimate-contamination.ts';
export type { Attribute } from './latent/attribute.ts';
export type { PathKind } from './latent/code-path.ts';
export type { DenoiseLimits } from './generate/denoise-rows.ts';
export type { CodeSource } from './latent/draw-codes.ts';
export type { GenerateOptions } from './generate/generate-rows.ts';
export { codesOfTable } from './generate/codes-of-table.ts';
export type { DrawCodesOptions, InterpolationOptions, Latent } from './latent/latent.ts';
export { codeColumns } from './generate/row-batch.ts';
export type {
  CodeBatch,
  DenoisedBatch,
  ReconstructedBatch,
  RowBatch,
  RowOptions,
} from './generate/row-batch.ts';
export type { Traversal, TraversalOptions } from './latent/traversal.ts';
export type { ValueColumn } from './generate/value-columns.ts';
export type { Health } from './health/health.ts';
export type { Matrix } from './matrix.ts';
export type { Platform } from './platform.ts';
export { anomalyKinds, shiftSizes } from './power/anomaly-kind.ts';
export type { AnomalyKind } from './power/anomaly-kind.ts';
export { smallestShift } from './power/field-power.ts';
export type { FieldPower } from './power/field-power.ts';
export { injectAnomalies } from './power/inject-anomalies.ts';
export type { InjectedRows, InjectionInput } from './power/inject-anomalies.ts';
export type { BaselinePower, KindPower, PowerTest } from './power/power-test.ts';
export type { ScoredBatch, ScoreDetails } from './score/scored-batch.ts';
export type { RowRecord, Rows } from './rows.ts';
export { scoreKinds } from './score/score-kind.ts';
export type { ScoreKind } from './score/score-kind.ts';
export { contaminatedConfiguration } from './train/train-options.ts';
export type { TrainedModel, TrainOptions } from './train/train-options.ts';
export type { TrainingEvent } from './train/training-event.ts';
export type { ScoreChoice } from './score/scored-by.ts';
export { VAE } from './vae.ts';
export type { FitMatrixOptions } from './fit-matrix-options.ts';
export type { Scores } from './score/scores.ts';
export { version } from './version.ts';
export { imageWords, tableWords } from './words.ts';
export type { Words } from './words.ts';

export { baselineTitles } from './baseline/baseline.ts';
export type { Baseline, BaselineName, FittedBaseline } from './baseline/baseline.ts';
export { alertBudgetThreshold, highestRows } from './calibrate/alert-budget.ts';
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
