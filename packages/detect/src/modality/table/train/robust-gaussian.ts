import type { RandomStream } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { numberCount } from '../column/feature.ts';
import type { EncodedRows } from '../column/feature.ts';
import { standardisedRows } from '../encode/standardised-rows.ts';
import type { ModelCore } from '../core.ts';
import type { RobustGaussian } from '../score/evidence.ts';
import { rootSize } from '../score/robust-distance.ts';
import { lowest } from './choose-reference-rows.ts';
import { sampleEncodedRows } from './choose-rows.ts';

/** Share of the rows that the Gaussian is of: a quarter may be anomalies. */
const bulk = 0.75;
/** Concentration steps; the published algorithm stops when nothing changes, mostly earlier. */
const concentrationSteps = 8;
/** Added to each variance, of columns with variance 1: columns that determine one another have an inverse too. */
const ridge = 1e-3;
const mostRows = 10_000;
/** Products of a step; beyond, fewer rows are taken: seconds. */
const mostProducts = 4e8;

/**
 * Mean and covariance of the densest part of the rows: from the rows nearest to the mean of all,
 * again and again of those that are nearest by the last mean and covariance (concentration steps,
 * Rousseeuw & Van Driessen 1999), so that anomalies neither move nor widen it. Undefined
 * where no column is a number.
 */
export async function robustGaussian(
  core: ModelCore,
  training: EncodedRows,
  stream: RandomStream,
  runtime: Runtime,
): Promise<RobustGaussian | undefined> {
  const numbers = numberCount(core.features);
  if (numbers === 0) return undefined;
  const root = rootSize(numbers);
  const count = Math.min(mostRows, Math.floor(mostProducts / root));
  const sample = sampleEncodedRows(training, core.fields.length, count, stream);
  const { data: features } = await standardisedRows(core, sample, runtime);
  const rows = Array.from({ length: sample.rows }, (_, row) => {
    const start = row * core.features.length;
    return features.subarray(start, start + numbers);
  });
  return concentrate(rows, root === numbers);
}

/**
 * @param rows Standardised numbers of each row.
 * @param apart Takes every column by itself, without covariances.
 */
export function concentrate(rows: readonly Float32Array[], apart: boolean): RobustGaussian {
  let distances: Float64Array = Float64Array.from(rows, (row) =>
    row.reduce((sum, x) => sum + x * x, 0),
  );
  for (let step = 1; ; step++) {
    const dense = Array.from(lowest(distances, bulk), (place) => rows[place]!);
    const mean = meanOf(dense);
    if (apart) {
      const deviations = variancesOf(dense, mean).map((variance) => Math.sqrt(variance + ridge));
      if (step === concentrationSteps) {
        return { mean: Float32Array.from(mean), root: Float32Array.from(deviations, (x) => 1 / x) };
      }
      distances = Float64Array.from(rows, (row) =>
        row.reduce((sum, x, column) => sum + ((x - mean[column]!) / deviations[column]!) ** 2, 0),
      );
    } else {
      const covariances = covariancesOf(dense, mean);
      if (step === concentrationSteps) {
        return { mean: Float32Array.from(mean), root: inverseRoot(covariances) };
      }
      distances = squaredDistances(rows, mean, covariances);
    }
  }
}

function meanOf(rows: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(rows[0]!.length);
  for (const row of rows) row.forEach((value, column) => (sum[column]! += value));
  return sum.map((value) => value / rows.length);
}

function variancesOf(rows: readonly Float32Array[], mean: Float64Array): Float64Array {
  const sum = new Float64Array(mean.length);
  for (const row of rows) {
    row.forEach((value, column) => (sum[column]! += (value - mean[column]!) ** 2));
  }
  return sum.map((value) => value / rows.length);
}

function covariancesOf(rows: readonly Float32Array[], mean: Float64Array): Matrix {
  const size = mean.length;
  const sums = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (const row of rows) {
    for (let i = 0; i < size; i++) centred[i] = row[i]! - mean[i]!;
    for (let i = 0; i < size; i++) {
      const value = centred[i]!;
      for (let j = 0; j <= i; j++) sums[i * size + j]! += value * centred[j]!;
    }
  }
  const full = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = sums[i * size + j]! / rows.length + (i === j ? ridge : 0);
      full.set(i, j, value);
      full.set(j, i, value);
    }
  }
  return full;
}

/** ‖L⁻¹ (x − mean)‖² with the covariance LLᵀ, by forward substitution. */
function squaredDistances(
  rows: readonly Float32Array[],
  mean: Float64Array,
  covariances: Matrix,
): Float64Array {
  const size = mean.length;
  const lower = Float64Array.from(
    new CholeskyDecomposition(covariances).lowerTriangularMatrix.to1DArray(),
  );
  const solved = new Float64Array(size);
  return Float64Array.from(rows, (row) => {
    let distance = 0;
    for (let i = 0; i < size; i++) {
      let rest = row[i]! - mean[i]!;
      for (let j = 0; j < i; j++) rest -= lower[i * size + j]! * solved[j]!;
      solved[i] = rest / lower[i * size + i]!;
      distance += solved[i]! ** 2;
    }
    return distance;
  });
}

function inverseRoot(covariances: Matrix): Float32Array {
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(covariances, {
    assumeSymmetric: true,
  });
  const scales = realEigenvalues.map((value) => 1 / Math.sqrt(Math.max(value, ridge)));
  const scaled = eigenvectorMatrix.clone().mulRowVector(scales);
  return Float32Array.from(scaled.mmul(eigenvectorMatrix.transpose()).to1DArray());
}
