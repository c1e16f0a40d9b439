import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { dataError } from '../../data-error.ts';
import { databaseFailure } from '../../database-failure.ts';
import { Database, type AppendedColumn, type Appender } from '../../duckdb/duckdb.ts';
import { relationOf } from './file-table.ts';
import { columnNamed, type Relation } from './relation.ts';
import { formatOfPath } from '../../input/file-format.ts';
import { identifier, literal } from '../../duckdb/sql.ts';
import type { Table } from '../table.ts';
import type { TableFormat } from '../../input/file-format.ts';
import { outputPlace } from '../../files/output-place.ts';
import { openWholeFile } from '../../files/whole-file.ts';
import type { WholeFile } from '../../files/whole-file.ts';

/** Values of one batch by column name, and how many rows they are. */
export interface ScoredBatch {
  readonly rows: number;
  readonly columns: Readonly<Record<string, AppendedColumn>>;
}

export interface WriterColumn {
  readonly name: string;
  /** NaN is written as no value; a `boolean` is given as 0 or 1. */
  readonly type: 'double' | 'integer' | 'boolean' | 'text';
  /** Stands in the place of the kept column of this name, whose value it takes where it has none. */
  readonly over?: boolean;
}

export interface WriterOptions {
  readonly columns: readonly WriterColumn[];
  /** Columns of the source to write as well, its rows in the same order. */
  readonly keep?: {
    readonly table: Table;
    readonly columns: readonly string[];
    /** The scored column that they stand before; default behind the last. */
    readonly before?: string;
  };
  /**
   * Default: by extension (a final `.gz` compresses CSV, TSV and JSON); CSV on standard output and for
   * devices and pipes whose names have none.
   */
  readonly format?: TableFormat;
  /** Where the output `-` goes. Default: `process.stdout`. */
  readonly standardOutput?: Writable;
}

/** Writes rows to a file that appears whole at `close`, or not at all. */
export interface Writer {
  write(batch: ScoredBatch): Promise<void>;
  close(): Promise<{ readonly path: string; readonly bytes: number }>;
  /** Leaves nothing behind. Does nothing after `close`. */
  abort(): Promise<void>;
}

const copyOptions: Readonly<Record<TableFormat, string>> = {
  csv: 'FORMAT csv, HEADER true',
  tsv: "FORMAT csv, HEADER true, DELIMITER '\t'",
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  json: 'FORMAT json, ARRAY true',
  ndjson: 'FORMAT json',
};

let writers = 0;

/**
 * Opens a writer to a path or `-`. The rows are gathered out of core and copied to a file that takes
 * its place at `close`, so that a reader never sees half a file.
 */
export async function openWriter(output: string, options: WriterOptions): Promise<Writer> {
  const format = options.format ?? formatOfPath(output) ?? (await formatOfPlace(output));
  if (format === undefined) {
    throw dataError(
      'data/unknown-format',
      `expected an output whose name tells its format, but got ${output}`,
      {
        help: 'End it with .csv, .tsv, .parquet, .ndjson, .jsonl or .json.',
      },
    );
  }
  const kept = options.keep === undefined ? undefined : relationOf(options.keep.table);
  const keptNames = options.keep?.columns ?? [];
  const own = options.columns.filter(({ over }) => over !== true);
  refuseDuplicates([...own.map(({ name }) => name), ...keptNames]);
  for (const name of keptNames) columnNamed(kept!, name);
  const file = output === '-' ? undefined : await openWholeFile(output);
  const database = kept?.database ?? (await Database.open());
  const number = writers++;
  const table = `scored_${number}`;
  const target = file?.path ?? join(database.directory, `output-${number}`);
  const columns = options.columns.map(
    ({ type }, index) => `s${index} ${type === 'text' ? 'VARCHAR' : 'DOUBLE'}`,
  );
  await database.run(
    `CREATE TABLE ${table} (${columns.length === 0 ? 's0 DOUBLE' : columns.join(', ')})`,
  );
  const appender = await database.appender(table);
  return new FileWriter({
    output,
    file,
    target,
    format,
    table,
    database,
    appender,
    kept,
    keptNames,
    options,
  });
}

interface WriterState {
  readonly output: string;
  /** None for standard output. */
  readonly file: WholeFile | undefined;
  readonly target: string;
  readonly format: TableFormat;
  readonly table: string;
  readonly database: Database;
  readonly appender: Appender;
  readonly kept: Relation | undefined;
  readonly keptNames: readonly string[];
  readonly options: WriterOptions;
}

class FileWriter implements Writer {
  readonly #state: WriterState;
  #rows = 0;
  #open = true;

  constructor(state: WriterState) {
    this.#state = state;
  }

  async write({ rows, columns }: ScoredBatch): Promise<void> {
    const { options, appender } = this.#state;
    if (!this.#open) throw closedError();
    const values = options.columns.map(({ name, type }) => {
      const column = columns[name];
      if (
        column === undefined ||
        column.length !== rows ||
        ArrayBuffer.isView(column) === (type === 'text')
      ) {
        const came = column === undefined ? 'none' : `${column.length} of another kind or number`;
        throw dataError(
          'data/row-mismatch',
          `expected ${rows} ${type} values for column "${name}", but got ${came}`,
          {
            help: 'Give every column of the writer in every batch, with equal lengths.',
            details: { column: name },
          },
        );
      }
      return column;
    });
    appender.append(values.length === 0 ? [new Float64Array(rows)] : values, rows);
    this.#rows += rows;
  }

  async close(): Promise<{ path: string; bytes: number }> {
    if (!this.#open) throw closedError();
    const { output, file, target, appender, options } = this.#state;
    this.#open = false;
    try {
      appender.close();
      await this.#copy();
      const { size: bytes } = await stat(target);
      if (file === undefined) await send(target, options.standardOutput ?? process.stdout);
      else await file.commit();
      return { path: output, bytes };
    } catch (error) {
      throw databaseFailure(error);
    } finally {
      await this.#release();
    }
  }

  async abort(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.#state.appender.close();
    } finally {
      await this.#release();
    }
  }

  async #copy(): Promise<void> {
    const { output, target, format, table, database, kept, keptNames, options } = this.#state;
    const valueOf = new Map(
      options.columns.map((column, index) => [column, writtenValue(column, index, format)]),
    );
    const own = options.columns.filter(({ over }) => over !== true);
    const scored = own.map((column) => `${valueOf.get(column)} AS ${identifier(column.name)}`);
    const sources = [table];
    if (kept !== undefined && keptNames.length > 0) {
      const [row] = await database.rows(`SELECT count(*) FROM ${kept.from}`);
      if (Number(row![0]) !== this.#rows) {
        throw dataError(
          'data/row-mismatch',
          `expected a score for each of the ${String(row![0])} rows, but got ${this.#rows}`,
          {
            help: 'Write every row of the source once, in its order.',
          },
        );
      }
      const selected = keptNames.map(
        (name, index) => `${columnNamed(kept, name).physical} AS k${index}`,
      );
      sources.push(`(SELECT ${selected.join(', ')} FROM ${kept.from})`);
      const before = own.findIndex(({ name }) => name === options.keep?.before);
      const kepts = keptNames.map((name, index) => {
        const over = options.columns.find((column) => column.over === true && column.name === name);
        const { storageType } = columnNamed(kept, name);
        const value =
          over === undefined
            ? `k${index}`
            : `coalesce(TRY_CAST(${valueOf.get(over)} AS ${storageType}), k${index})`;
        return `${value} AS ${identifier(name)}`;
      });
      scored.splice(before === -1 ? scored.length : before, 0, ...kepts);
    }
    const gzip = /\.gz$/i.test(output) && format !== 'parquet' ? ', COMPRESSION gzip' : '';
    await database.run(
      `COPY (SELECT ${scored.join(', ')} FROM ${sources.join(' POSITIONAL JOIN ')}) ` +
        `TO ${literal(target)} (${copyOptions[format]}${gzip}, USE_TMP_FILE false)`,
    );
  }

  async #release(): Promise<void> {
    const { file, target, table, database, kept } = this.#state;
    await (file?.abort() ?? rm(target, { force: true }));
    if (kept === undefined) await database.close();
    else await database.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

function writtenValue({ type }: WriterColumn, index: number, format: TableFormat): string {
  const value = `s${index}`;
  switch (type) {
    case 'text':
      return value;
    case 'boolean':
      return `CASE WHEN NOT isnan(${value}) THEN ${value} <> 0 END`;
    case 'integer':
      return `CASE WHEN isfinite(${value}) THEN CAST(${value} AS BIGINT) END`;
    case 'double':
      // JSON knows neither NaN nor infinity.
      return format === 'json' || format === 'ndjson'
        ? `CASE WHEN isfinite(${value}) THEN ${value} END`
        : `CASE WHEN NOT isnan(${value}) THEN ${value} END`;
  }
}

/** What is no file needs no name that tells a format. */
async function formatOfPlace(output: string): Promise<TableFormat | undefined> {
  const isFile = output !== '-' && (await outputPlace(output)).kind === 'file';
  return isFile ? undefined : 'csv';
}

async function send(path: string, output: Writable): Promise<void> {
  for await (const part of createReadStream(path)) {
    await new Promise<void>((resolve, reject) => {
      output.write(part, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function refuseDuplicates(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw dataError(
    'data/duplicate-column',
    `expected different output columns, but "${twice}" stands twice`,
    {
      help: 'Do not keep a column of the name of a scored one.',
      details: { column: twice },
    },
  );
}

function closedError(): Error {
  return dataError('data/closed', 'expected an open writer, but it is closed', {
    help: 'Write all batches before closing.',
  });
}
