// The splits of Livernoche et al., "On diffusion modeling for anomaly detection", ICLR 2024, and two
// of our own for calibration. Labels choose normal rows for training and grade the test, no more.
import { fillIntegers, RandomStream } from '@unlikely/graph';

const fewestRows = 1000;
const mostRows = 50_000;

/**
 * @param {import('./read-set.mjs').LabelledSet} set
 * @param {'semi' | 'unsupervised'} protocol
 * @param {number} seed
 * @returns {{ train: Int32Array, test: Int32Array }} Numbers of rows.
 */
export function split(set, protocol, seed) {
  const stream = new RandomStream(seed, 'quality');
  if (protocol === 'unsupervised') {
    const rows = withReplacement(
      set.rows,
      Math.min(Math.max(set.rows, fewestRows), mostRows),
      stream,
    );
    return { train: rows, test: rows };
  }
  const rows = resized(set.rows, stream);
  const normals = rows.filter((row) => set.labels[row] === 0);
  const half = Math.round(normals.length / 2);
  const anomalies = rows.filter((row) => set.labels[row] === 1);
  return {
    train: normals.slice(0, half),
    test: Int32Array.of(...normals.slice(half), ...anomalies),
  };
}

/** The normal rows in file order, or shuffled, in two halves, and the anomalies; no row twice. */
export function normalHalves(set, order, seed) {
  const stream = new RandomStream(seed, 'quality');
  const all = Int32Array.from({ length: set.rows }, (_, row) => row);
  const rows = set.rows > mostRows ? stream.permutation(set.rows).slice(0, mostRows) : all;
  let normals = rows.filter((row) => set.labels[row] === 0);
  if (order === 'shuffled') normals = stream.permutation(normals.length).map((at) => normals[at]);
  const half = Math.round(normals.length / 2);
  const anomalies = rows.filter((row) => set.labels[row] === 1);
  return { train: normals.slice(0, half), test: normals.slice(half), anomalies };
}

function resized(rows, stream) {
  if (rows < fewestRows) return withReplacement(rows, fewestRows, stream);
  if (rows > mostRows) return stream.permutation(rows).slice(0, mostRows);
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function withReplacement(rows, count, stream) {
  const drawn = new Int32Array(count);
  fillIntegers(drawn, rows, stream, 0);
  return drawn;
}

/** The rows as they are, for a model that standardises by itself. */
export function pick({ data, columns }, rows) {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { data: picked, rows: rows.length, columns };
}

/** The rows as records, whose columns a model looks at for their kinds; a missing value is null. */
export function pickRecords({ data, columns }, rows) {
  return Array.from(rows, (row) =>
    Object.fromEntries(
      Array.from({ length: columns }, (_, column) => {
        const value = data[row * columns + column];
        return [`f${column}`, Number.isNaN(value) ? null : value];
      }),
    ),
  );
}

/** A function that standardises rows by the mean and the population deviation of `train`; missing is 0. */
export function standardiser({ data, columns }, train) {
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const values = Float64Array.from(train, (row) => data[row * columns + column]).filter(
      (value) => !Number.isNaN(value),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(square / Math.max(1, values.length));
    means[column] = mean;
    deviations[column] = deviation < 1e-9 ? 1 : deviation;
  }
  return (rows) => {
    const picked = new Float32Array(rows.length * columns);
    rows.forEach((row, index) => {
      for (let column = 0; column < columns; column++) {
        const value = (data[row * columns + column] - means[column]) / deviations[column];
        picked[index * columns + column] = Number.isNaN(value) ? 0 : value;
      }
    });
    return { data: picked, rows: rows.length, columns };
  };
}
