/** What is done with records in memory: no file, no engine, and nothing of Node. */
export { recordEncoder } from './table/encode.ts';
export type { DataRecord, RecordEncoder } from './table/encode.ts';
