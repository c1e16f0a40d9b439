import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBVector,
} from '@duckdb/node-api';
import { dataError } from '../data-error.ts';
import { databaseFailure } from '../database-failure.ts';
import { identifier } from './sql.ts';
import {
  createTemporaryDirectory,
  removeTemporaryDirectory,
} from '../files/temporary-directory.ts';

/** Rows of a result in column vectors, valid until the next chunk is asked for. */
export interface Chunk {
  readonly rows: number;
  /** The values of a DOUBLE column that holds no NULL. */
  doubles(column: number): Float64Array;
  /** The values of a VARCHAR column. */
  texts(column: number): (string | null)[];
  /** The values of a BLOB column. */
  blobs(column: number): (Uint8Array | null)[];
}

/** A column to append: numbers go to DOUBLE, texts to VARCHAR, null to no value. */
export type AppendedColumn = Float64Array | Uint8Array | readonly (string | null)[];

/** Loaded with the first table: a program that opens none does not wait for it. */
type Engine = typeof import('@duckdb/node-api');

const memoryLimit = '512MB';
/** A table of more takes minutes to look at, and is hardly one. */
const mostColumns = 20_000;
const largestThreadCount = 4;
const chunkRows = 2048;
const connections = new Set<DuckDBConnection>();
let isEnding = false;

/** Ends the queries of this process, and refuses further ones: for a process that is told to end. */
export function endQueries(): void {
  isEnding = true;
  for (const connection of connections) connection.interrupt();
}

function disconnect(connection: DuckDBConnection): void {
  connections.delete(connection);
  connection.closeSync();
}

/**
 * A DuckDB database in a temporary directory of its own, which goes when it is closed or the
 * process exits. Queries run on connections of their own, so results can be streamed side by side.
 * Memory is bounded at 512 MB, what does not fit goes to the directory; nothing is ever downloaded.
 */
export class Database {
  /** Temporary files of the owner may lie here, too. */
  readonly directory: string;
  readonly #engine: Engine;
  readonly #instance: DuckDBInstance;
  #threads: number;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(
    directory: string,
    engine: Engine,
    instance: DuckDBInstance,
    threads: number,
  ) {
    this.directory = directory;
    this.#engine = engine;
    this.#instance = instance;
    this.#threads = threads;
  }

  static async open(): Promise<Database> {
    const engine = await import('@duckdb/node-api');
    const directory = createTemporaryDirectory();
    const threads = Math.min(availableParallelism(), largestThreadCount);
    const instance = await engine.DuckDBInstance.create(join(directory, 'table.duckdb'), {
      memory_limit: memoryLimit,
      temp_directory: join(directory, 'spill'),
      threads: String(threads),
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const database = new Database(directory, engine, instance, threads);
    await database.run('SET parquet_metadata_cache = true');
    return database;
  }

  async run(sql: string): Promise<void> {
    await this.#query(sql, (connection) => connection.run(sql));
  }

  /** All rows of a small result, as JavaScript values. */
  async rows(sql: string): Promise<unknown[][]> {
    return this.#query(sql, async (connection) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowsJS() as unknown[][];
    });
  }

  /** A result in chunks, in order, without holding more than a few of them. */
  async *stream(sql: string): AsyncGenerator<Chunk> {
    const connection = await this.#connect();
    try {
      const result = await connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield readableChunk(chunk, this.#engine);
      }
    } catch (error) {
      throw databaseFailure(error);
    } finally {
      disconnect(connection);
    }
  }

  /** Opens an appender to a table whose columns are DOUBLE or VARCHAR. */
  async appender(table: string): Promise<Appender> {
    const engine = this.#engine;
    const connection = await this.#connect();
    const appender = await connection.createAppender(table);
    return {
      append(columns, rows): void {
        try {
          for (let start = 0; start < rows; start += chunkRows) {
            const end = Math.min(rows, start + chunkRows);
            appender.appendDataChunk(makeChunk(engine, columns, start, end));
          }
        } catch (error) {
          throw databaseFailure(error);
        }
      },
      close(): void {
        try {
          appender.closeSync();
        } catch (error) {
          throw databaseFailure(error);
        } finally {
          disconnect(connection);
        }
      },
    };
  }

  /** Makes a table of whole numbers, for joins. */
  async createNumberTable(name: string, values: Float64Array): Promise<void> {
    await this.run(`CREATE OR REPLACE TABLE ${identifier(name)} (value DOUBLE)`);
    const appender = await this.appender(name);
    try {
      appender.append([values], values.length);
    } finally {
      appender.close();
    }
  }

  /**
   * Runs `work` with one thread, so that sums of floating-point numbers do not depend on which
   * thread was first; one such work at a time.
   */
  async inOneThread<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(async () => {
      await this.run('SET threads = 1');
      try {
        return await work();
      } finally {
        if (!this.#closed) await this.run(`SET threads = ${this.#threads}`);
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Widens the memory bound for tables of more than a thousand columns, whose vectors need it. */
  async allowColumns(columns: number): Promise<void> {
    if (columns > mostColumns) {
      throw dataError(
        'data/malformed',
        `expected at most ${mostColumns} columns, but the table has ${columns}`,
        { help: 'Leave out columns, or turn the table if its rows are columns.' },
      );
    }
    if (columns <= 1000) return;
    await this.run(`SET memory_limit = '${512 + Math.ceil(columns / 8)}MB'`);
    this.#threads = 1;
    await this.run('SET threads = 1');
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#instance.closeSync();
    await removeTemporaryDirectory(this.directory);
  }

  async #connect(): Promise<DuckDBConnection> {
    if (isEnding) {
      throw dataError('data/closed', 'expected time for a query, but the process ends', {
        help: 'Start it again.',
      });
    }
    if (this.#closed) {
      throw dataError('data/closed', 'expected an open table, but it has been disposed', {
        help: 'Dispose a table only when nothing reads from it any more.',
      });
    }
    const connection = await this.#instance.connect();
    connections.add(connection);
    // Parts of a time with zone must not depend on the machine's own zone.
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  }

  async #query<Result>(
    sql: string,
    work: (connection: DuckDBConnection) => Promise<Result>,
  ): Promise<Result> {
    const connection = await this.#connect();
    try {
      return await work(connection);
    } catch (error) {
      throw databaseFailure(error, sql);
    } finally {
      disconnect(connection);
    }
  }
}

/** Adds rows to a table; they are in it for certain after `close`. */
export interface Appender {
  append(columns: readonly AppendedColumn[], rows: number): void;
  close(): void;
}

function readableChunk(chunk: DuckDBDataChunk, { DuckDBBlobValue }: Engine): Chunk {
  return {
    rows: chunk.rowCount,
    doubles(column): Float64Array {
      return doublesOf(chunk.getColumnVector(column));
    },
    texts(column): (string | null)[] {
      return chunk.getColumnValues(column) as (string | null)[];
    },
    blobs(column): (Uint8Array | null)[] {
      return chunk
        .getColumnValues(column)
        .map((value) => (value instanceof DuckDBBlobValue ? value.bytes : null));
    },
  };
}

function makeChunk(
  { DOUBLE, VARCHAR, DuckDBDataChunk: DataChunk }: Engine,
  columns: readonly AppendedColumn[],
  start: number,
  end: number,
): DuckDBDataChunk {
  const types = columns.map((column) => (isNumbers(column) ? DOUBLE : VARCHAR));
  const chunk = DataChunk.create(types, end - start);
  for (const [index, column] of columns.entries()) {
    const vector = chunk.getColumnVector(index);
    if (isNumbers(column)) {
      doublesOf(vector).set(column.subarray(start, end));
      vector.flush();
    } else {
      chunk.setColumnValues(index, column.slice(start, end));
    }
  }
  return chunk;
}

/** The vector's own buffer: one typed array instead of a call a value, though not in its types. */
function doublesOf(vector: DuckDBVector): Float64Array {
  return (vector as unknown as { readonly items: Float64Array }).items;
}

function isNumbers(column: AppendedColumn): column is Float64Array | Uint8Array {
  return ArrayBuffer.isView(column);
}
