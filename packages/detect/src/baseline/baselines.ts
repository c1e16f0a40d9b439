import type { Baseline, BaselineName } from './baseline.ts';
import { isolationForest } from './isolation-forest.ts';
import { l2Norm } from './l2-norm.ts';
import { localOutlierFactor } from './local-outlier-factor.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { principalComponents } from './principal-components.ts';
import { random } from './random.ts';

/** Every baseline by name, in the order of a report. */
export const baselines: { readonly [Name in BaselineName]: Baseline } = {
  'l2-norm': l2Norm,
  'principal-components': principalComponents,
  'isolation-forest': isolationForest,
  'nearest-neighbours': nearestNeighbours,
  'local-outlier-factor': localOutlierFactor,
  random,
};
