/** What is done with records in memory: no file, no engine, and nothing of Node. */
export { recordEncoder } from './table/encode.ts';
export type { DataRecord, RecordEncoder } from './table/encode.ts';
export { csvDialect, splitRecords } from './table/csv-text.ts';
export type { CsvDialect, CsvOptions } from './table/csv-text.ts';
export { countUnseen } from './table/encoded-rows.ts';
export { memoryTable, memoryTableFromCsv } from './table/open-memory-table.ts';
export type { CsvTextOptions, MemoryTableOptions } from './table/open-memory-table.ts';
