/**
 * The squared distance of a row from the plane of the first k principal components of the training
 * rows (Pearson 1901; Shyu et al. 2003 for anomalies): the linear autoencoder.
 *
 * k is the least number of components that explains 90 % of the variance, at most 10, and always
 * fewer than there are columns, since all of them would reconstruct every row.
 */
import { RandomStream } from '@unlikely/graph';
import { EigenvalueDecomposition, Matrix as SquareMatrix } from 'ml-matrix';
import type { Matrix } from '../matrix.ts';
import type { Baseline } from './baseline.ts';
import { checkMatrix, checkTrainingMatrix } from './check-matrix.ts';
import { sampleRows } from './sample-rows.ts';

const explainedShare = 0.9;
const mostComponents = 10;
/** The covariance of more rows than these hardly differs; images of 784 columns would take minutes. */
const mostRows = 20_000;

export const principalComponents: Baseline = {
  name: 'principal-components',
  fit(training, seed) {
    checkTrainingMatrix(training);
    const { columns } = training;
    const stream = new RandomStream(seed, 'principal-components');
    const mean = columnMeans(training);
    const rows = learntRows(training, stream);
    const components =
      rows.length < columns
        ? componentsOfRows(training, rows, mean)
        : leadingComponents(covariance(training, rows, mean));
    return {
      score(x) {
        checkMatrix(x, columns);
        const residual = new Float64Array(columns);
        return Float64Array.from({ length: x.rows }, (_, row) => {
          for (let j = 0; j < columns; j++) residual[j] = x.data[row * columns + j]! - mean[j]!;
          // One after the other is the same as together, since the components are orthogonal.
          for (const component of components) subtractProjection(residual, component);
          return residual.reduce((sum, value) => sum + value * value, 0);
        });
      },
    };
  },
};

function columnMeans({ data, rows, columns }: Matrix): Float64Array {
  const sum = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) sum[at % columns]! += data[at]!;
  return sum.map((value) => value / rows);
}

function learntRows(x: Matrix, stream: RandomStream): Int32Array {
  return x.rows > mostRows
    ? sampleRows(x.rows, mostRows, stream)
    : Int32Array.from({ length: x.rows }, (_, row) => row);
}

/**
 * Of fewer rows than columns: XᵀX and XXᵀ have the same eigenvalues but for zeros, and an eigenvector
 * u of the small one gives Xᵀu of the large one, whose decomposition takes minutes for an image.
 */
function componentsOfRows(x: Matrix, rows: Int32Array, mean: Float64Array): Float64Array[] {
  const { columns } = x;
  const centred = Array.from(rows, (row) =>
    mean.map((value, column) => x.data[row * columns + column]! - value),
  );
  const products = new SquareMatrix(rows.length, rows.length);
  for (let i = 0; i < rows.length; i++) {
    for (let j = i; j < rows.length; j++) {
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        sum += centred[i]![column]! * centred[j]![column]!;
      }
      products.set(i, j, sum);
      products.set(j, i, sum);
    }
  }
  return leadingComponents(products).map((weights) => {
    const component = new Float64Array(columns);
    weights.forEach((weight, row) => {
      for (let column = 0; column < columns; column++) {
        component[column]! += weight * centred[row]![column]!;
      }
    });
    const length = Math.sqrt(component.reduce((sum, value) => sum + value * value, 0));
    return component.map((value) => value / length);
  });
}

/** The covariance matrix up to its denominator, on which the components do not depend. */
function covariance(x: Matrix, rows: Int32Array, mean: Float64Array): SquareMatrix {
  const { columns } = x;
  const upper = new Float64Array(columns * columns);
  const centred = new Float64Array(columns);
  for (const row of rows) {
    for (let j = 0; j < columns; j++) centred[j] = x.data[row * columns + j]! - mean[j]!;
    for (let i = 0; i < columns; i++) {
      const value = centred[i]!;
      // One-hot and constant columns make most of a tabular matrix equal to its mean.
      if (value === 0) continue;
      for (let j = i, at = i * columns + i; j < columns; j++, at++)
        upper[at]! += value * centred[j]!;
    }
  }
  const full = new SquareMatrix(columns, columns);
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      full.set(i, j, upper[i * columns + j]!);
      full.set(j, i, upper[i * columns + j]!);
    }
  }
  return full;
}

function leadingComponents(covariances: SquareMatrix): Float64Array[] {
  const decomposition = new EigenvalueDecomposition(covariances, { assumeSymmetric: true });
  const variances = decomposition.realEigenvalues.map((value) => Math.max(value, 0));
  const descending = variances
    .map((_, index) => index)
    .sort((a, b) => variances[b]! - variances[a]!);
  const total = variances.reduce((sum, value) => sum + value, 0);
  const most = Math.min(mostComponents, variances.length - 1);
  const components: Float64Array[] = [];
  let explained = 0;
  for (const index of descending) {
    if (components.length >= most || explained >= explainedShare * total) break;
    components.push(Float64Array.from(decomposition.eigenvectorMatrix.getColumn(index)));
    explained += variances[index]!;
  }
  return components;
}

function subtractProjection(row: Float64Array, component: Float64Array): void {
  let length = 0;
  for (let j = 0; j < row.length; j++) length += row[j]! * component[j]!;
  for (let j = 0; j < row.length; j++) row[j]! -= length * component[j]!;
}
