/**
 * What a program needs at once: classes on matrices, metrics and defaults. What trains is loaded when it
 * is called; the detectors of tables and images, in the index, are not.
 */
export { Autoencoder } from './autoencoder.ts';
export { VAE } from './vae.ts';
export { alertBudgetThreshold } from './calibrate/alert-budget.ts';
export { benjaminiHochberg } from './calibrate/benjamini-hochberg.ts';
export { defaultConfiguration } from './parameter/table-parameters.ts';
export { defaultImageConfiguration } from './image/image-parameters.ts';
export { areaUnderRoc } from './metric/area-under-roc.ts';
export { averagePrecision } from './metric/average-precision.ts';
export { bestF1Threshold, confusionAt } from './metric/confusion.ts';
export { precisionRecallCurve, rocCurve } from './metric/curve.ts';
export { version } from './version.ts';
