import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { Matrix } from '../matrix.ts';
import type { DetectErrorCode } from '../error-code.ts';

/** Throws `baseline/invalid-input` unless there is a row and a column and every value is finite. */
export function checkTrainingMatrix(x: Matrix): void {
  if (x.rows < 1 || x.columns < 1) {
    throw invalidInput(
      `expected at least one row and one column, got ${x.rows} x ${x.columns}`,
      'Pass the rows that the detector was trained on.',
    );
  }
  checkMatrix(x, x.columns);
}

/** Throws `baseline/invalid-input` unless `x` has `columns` columns and every value is finite. */
export function checkMatrix(x: Matrix, columns: number): void {
  if (x.columns !== columns) {
    throw invalidInput(
      `expected ${columns} columns as in training, got ${x.columns}`,
      'Encode the rows with the encoder of the training rows.',
    );
  }
  if (x.data.length !== x.rows * x.columns) {
    throw invalidInput(
      `expected ${x.rows} x ${x.columns} = ${x.rows * x.columns} values, got ${x.data.length}`,
      'Let data.length be rows * columns, row after row.',
    );
  }
  const index = x.data.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    const row = Math.floor(index / columns);
    throw invalidInput(
      `expected finite numbers, got ${x.data[index]} in row ${row}, column ${index % columns}`,
      'Fill missing values, for instance with 0 (the mean of a standardised column).',
    );
  }
}

function invalidInput(message: string, help: string): UnlikelyError<DetectErrorCode> {
  return detectError('baseline/invalid-input', message, { help });
}
