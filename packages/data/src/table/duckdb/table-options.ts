import type { Readable } from 'node:stream';
import type { TableFormat } from '../../input/file-format.ts';

/** How a table is read. */
export interface TableOptions {
  /** By default the extension decides (a final `.gz` aside), and where it says nothing, the content. */
  readonly format?: TableFormat;
  /** Texts that stand for "no value", compared without surrounding blanks. Default: `defaultMissingValues`. */
  readonly missingValues?: readonly string[];
  /** CSV and TSV: whether the first line holds the names. Default: true; false names them `column_1`, …. */
  readonly header?: boolean;
  /** CSV and TSV: one character. Default: tab for TSV, for CSV the likeliest of `, ; tab |`. */
  readonly delimiter?: string;
  /** CSV and TSV. Default: `utf-8`. */
  readonly encoding?: 'utf-8' | 'latin-1' | 'utf-16';
  /** What the input `-` reads. Default: `process.stdin`. */
  readonly standardInput?: Readable;
}
