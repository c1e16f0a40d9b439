/**
 * What a program needs at once: classes on matrices, metrics and defaults. What trains is loaded when it
 * is called; the detectors of tables and images, in the index, are not.
 */
export { Autoencoder } from './modality/table/matrix/autoencoder.ts';
export { VAE } from './modality/table/matrix/vae.ts';
export { alertBudgetThreshold } from './calibrate/alert-budget.ts';
export { benjaminiHochberg } from './calibrate/benjamini-hochberg.ts';
export { defaultConfiguration } from './modality/table/parameters.ts';
export { defaultImageConfiguration } from './modality/image/parameters.ts';
export { areaUnderRoc } from './metric/area-under-roc.ts';
export { averagePrecision } from './metric/average-precision.ts';
export { bestF1Threshold, confusionAt } from './metric/confusion.ts';
export { precisionRecallCurve, rocCurve } from './metric/curve.ts';
export { version } from './version.ts';
