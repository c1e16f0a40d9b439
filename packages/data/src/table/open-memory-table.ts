import { dataError } from '../data-error.ts';
import type { Table } from './table.ts';
import { csvDialect, splitRecords, type CsvOptions } from './csv-text.ts';
import type { DataRecord } from './encode.ts';
import { columnsOfRecords, columnsOfTexts } from './memory-columns.ts';
import { MemoryTable } from './memory-table.ts';
import { defaultMissingValues } from './missing-values.ts';

/** How what stands in memory is read. */
export interface MemoryTableOptions {
  /** Texts that stand for "no value", compared without surrounding blanks. Default: `defaultMissingValues`. */
  readonly missingValues?: readonly string[];
}

/** How the text of a CSV file is read. */
export interface CsvTextOptions extends MemoryTableOptions, CsvOptions {}

/**
 * Records as a table, without a file or an engine: what it says of them is what a file with them would say. The
 * records are read at once; later changes to them do not matter.
 *
 * @throws UnlikelyError `data/empty` where there is none.
 */
export function memoryTable(
  records: readonly DataRecord[],
  { missingValues = defaultMissingValues }: MemoryTableOptions = {},
): Table {
  if (records.length === 0) throw noRows();
  return new MemoryTable(columnsOfRecords(records, missingValues), records.length, missingValues);
}

/**
 * The text of a CSV file as a table.
 *
 * @throws UnlikelyError `data/empty`, `data/ragged` for a line of another number of values,
 *   `data/duplicate-column`, `data/wrong-option`.
 */
export function memoryTableFromCsv(text: string, options: CsvTextOptions = {}): Table {
  const { missingValues = defaultMissingValues, header = true } = options;
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const { delimiter, names } = csvDialect(plain, 'the text', true, options);
  const records = splitRecords(plain, delimiter, Infinity, true);
  const rows = (header ? records.slice(1) : records).filter(
    (row) => names.length === 1 || row.length > 1 || row[0] !== '',
  );
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged >= 0) {
    throw dataError(
      'data/ragged',
      `expected ${names.length} values in every line, but row ${ragged} has ${rows[ragged]!.length}`,
      { help: 'Quote values that hold the delimiter.', details: { row: ragged } },
    );
  }
  if (rows.length === 0) throw noRows();
  return new MemoryTable(columnsOfTexts(names, rows, missingValues), rows.length, missingValues);
}

function noRows(): Error {
  return dataError('data/empty', 'expected rows, but there are none', {
    help: 'Give at least one record.',
  });
}
