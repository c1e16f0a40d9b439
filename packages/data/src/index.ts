export { dataErrorCodes } from './error-code.ts';
export type { DataErrorCode } from './error-code.ts';

export { cyclicPeriods, quantileLevels } from './schema.ts';
export type {
  CategoryField,
  Column,
  ColumnKind,
  CountField,
  CyclicField,
  CyclicPart,
  Field,
  NumberStatistics,
  NumericField,
  Schema,
} from './schema.ts';

export { openTable } from './file-table.ts';
export { tableFromRecords } from './table-from-records.ts';
export { defaultMissingValues } from './table-options.ts';
export type { TableFormat, TableOptions } from './table-options.ts';
export type {
  Batch,
  BatchOptions,
  Comparison,
  EpochOptions,
  InferenceOptions,
  RowFilter,
  Sample,
  SampleOptions,
  Table,
} from './table.ts';

export { openWriter } from './write/writer.ts';
export type { ScoredBatch, Writer, WriterColumn, WriterOptions } from './write/writer.ts';
