import type { DataRecord } from '@unlikely/data/memory';
import { detectError } from '../../../detect-error.ts';
import type { RecordsOptions } from './record-options.ts';

/** @throws UnlikelyError `detect/input` for what is no plain object. */
export function checkRecord(record: DataRecord): void {
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return;
  throw detectError('detect/input', `expected a record, got ${described(record)}`, {
    help: 'Give a plain object with the columns of the table as its keys.',
  });
}

/** @throws UnlikelyError `detect/input` for what records cannot be taken from, one after another. */
export function checkRecords(source: unknown): void {
  const isSource =
    typeof source === 'object' &&
    source !== null &&
    (Symbol.iterator in source || Symbol.asyncIterator in source || 'getReader' in source);
  if (isSource) return;
  throw detectError(
    'detect/input',
    `expected records one after another, got ${described(source)}`,
    {
      help: 'Give an array, a generator or a stream of plain objects; `score` takes files and tables, `scoreRecord` one object.',
    },
  );
}

/** @throws UnlikelyError `detect/input` for options that mean nothing. */
export function checkRecordOptions({ threshold, reasons, batchRows }: RecordsOptions): void {
  checkThreshold(threshold);
  checkWhole('reasons', reasons, 0);
  checkWhole('batchRows', batchRows, 1);
}

/** @throws UnlikelyError `detect/input` for a threshold that no score can be compared with. */
function checkThreshold(threshold: unknown): void {
  if (threshold === undefined || (typeof threshold === 'number' && !Number.isNaN(threshold)))
    return;
  throw detectError('detect/input', `expected threshold to be a number, got ${String(threshold)}`, {
    help: 'Leave it out for the threshold of a false-positive rate.',
  });
}

function checkWhole(name: string, value: unknown, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return;
  throw detectError(
    'detect/input',
    `expected ${name} to be a whole number of at least ${least}, got ${described(value)}`,
    { help: 'Leave it out for the usual one.' },
  );
}

function described(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : `${String(value)}`;
}
