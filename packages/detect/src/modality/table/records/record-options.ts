import type { DataRecord } from '@unlikely/data/memory';
import type { FieldExplanation } from '../explain/explanation.ts';
import type { RecordSource } from './map-in-order.ts';

/** What records come from: an array, a generator, a stream. */
export type DataRecords = RecordSource<DataRecord>;

/** One record and what is made of it. */
export interface ScoredRecord {
  /** In nats; higher is less likely. */
  readonly score: number;
  /** Of the score, in nats; NaN where one draw was taken. */
  readonly standardError: number;
  /** Share of normal rows that score at least as high; 1 without calibration. */
  readonly pValue: number;
  /** Whether the score lies above the threshold. */
  readonly isAnomaly: boolean;
  /** Of an anomaly the fields that contribute most, by falling contribution, where asked for. */
  readonly reasons: readonly FieldExplanation[];
}

/** How records are scored, and which of them are anomalies. */
export interface RecordOptions {
  /** The first member at its posterior mean alone: several times faster, with its own calibration. */
  readonly fast?: boolean;
  /**
   * Share of normal rows that may be called anomalies, 0 to 1. Default 0.01, or as little as the rows
   * that were kept from training can promise.
   */
  readonly falsePositiveRate?: number;
  /** A score, in place of a rate. */
  readonly threshold?: number;
  /** Most fields that an anomaly is explained by, each by some 24 further scores. Default 0: none. */
  readonly reasons?: number;
}

/** How one record is scored. */
export interface OneRecordOptions extends RecordOptions {
  /** What number it has, for the error. Default: 0. */
  readonly row?: number;
}

/** How many records are scored, one after another. */
export interface RecordsOptions extends RecordOptions {
  /** Records of an array or another iterable that are scored at a time. Default: 256. */
  readonly batchRows?: number;
  /** Ends the call with `detect/aborted`. */
  readonly signal?: AbortSignal;
}

/** How records are scored into arrays. */
export type RecordBatchesOptions = Pick<RecordsOptions, 'batchRows' | 'fast' | 'signal'>;
