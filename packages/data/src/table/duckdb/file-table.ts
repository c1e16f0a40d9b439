import { dataError } from '../../data-error.ts';
import { RandomStream } from '@unlikely/graph';
import { Database } from '../../duckdb/duckdb.ts';
import { numberExpression, textExpression } from './encode-in-sql.ts';
import { matchSchema } from './match-schema.ts';
import { sqlQueries } from './infer/sql-queries.ts';
import { checkCount } from '../check-count.ts';
import { inferSchema } from '../infer/infer-schema.ts';
import { readBatches } from './read/batches.ts';
import { readRecords } from './read/records.ts';
import { sampleRows } from './read/sample.ts';
import { chooseRows } from '../../sample/choose-rows.ts';
import { testCondition } from './read/test-condition.ts';
import { columnNamed, numberedRows, rowNumber, type Relation } from './relation.ts';
import type { Schema } from '../schema.ts';
import { loadSource } from './load/load-source.ts';
import { defaultMissingValues } from '../missing-values.ts';
import { resolveInput } from './load/resolve-input.ts';
import { doubleLiteral, literals } from '../../duckdb/sql.ts';
import type {
  Batch,
  BatchOptions,
  InferenceOptions,
  RowFilter,
  Sample,
  SampleOptions,
  Table,
} from '../table.ts';
import type { TableOptions } from './table-options.ts';

const defaultValueLimit = 1000;

/**
 * Opens a path, a glob, a list of either, or `-` (standard input). Text formats are read whole at
 * once, so that a fault anywhere in them is reported here; Parquet is read when it is needed.
 */
export async function openTable(
  input: string | readonly string[],
  options: TableOptions = {},
): Promise<Table> {
  const database = await Database.open();
  try {
    const source = await resolveInput(database, input, options);
    const loaded = await loadSource(database, source, options);
    const missingValues = options.missingValues ?? defaultMissingValues;
    return new FileTable({ database, ...loaded, missingValues }, true);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The rows behind a table that `openTable` or `where` made. */
export function relationOf(table: Table): Relation {
  if (table instanceof FileTable) return table.relation;
  throw dataError('data/wrong-option', 'expected a table made by openTable', {
    help: 'Open the table with openTable or tableFromRecords.',
  });
}

class FileTable implements Table {
  readonly relation: Relation;
  readonly #owner: boolean;
  #rows: Promise<number> | undefined;

  constructor(relation: Relation, owner: boolean) {
    this.relation = relation;
    this.#owner = owner;
  }

  get columns(): Table['columns'] {
    return this.relation.columns.map(({ name, storageType }) => ({ name, storageType }));
  }

  rowCount(): Promise<number> {
    this.#rows ??= this.relation.database
      .rows(`SELECT count(*) FROM ${this.relation.from}`)
      .then(([row]) => Number(row![0]));
    return this.#rows;
  }

  async values(
    column: string,
    limit: number = defaultValueLimit,
  ): Promise<{ value: string | null; count: number }[]> {
    const text = textExpression(columnNamed(this.relation, column));
    const rows = await this.relation.database.rows(
      `SELECT ${text} AS value, count(*) AS count FROM ${this.relation.from} ` +
        `GROUP BY value ORDER BY count DESC, value LIMIT ${checkCount('limit', limit)}`,
    );
    return rows.map(([value, count]) => ({ value: value as string | null, count: Number(count) }));
  }

  where(filter: RowFilter): Table {
    return this.#view(`SELECT * FROM ${this.relation.from} WHERE ${this.#condition(filter)}`);
  }

  async split(testShare: number, each?: RowFilter): Promise<{ training: Table; test: Table }> {
    const condition = each === undefined ? undefined : this.#condition(each);
    const rows = await this.rowCount();
    const isTest = await testCondition(this.relation, rows, testShare, condition);
    const numbered = `SELECT * EXCLUDE (${rowNumber}) FROM ${numberedRows(this.relation)}`;
    return {
      training: this.#view(`${numbered} WHERE NOT ${isTest}`),
      test: this.#view(`${numbered} WHERE ${isTest}`),
    };
  }

  async inferSchema(options?: InferenceOptions): Promise<Schema> {
    const rows = await this.rowCount();
    return this.relation.database.inOneThread(() =>
      inferSchema(sqlQueries(this.relation, rows), rows, options),
    );
  }

  match(schema: Schema): Promise<{ readonly extra: readonly string[] }> {
    return matchSchema(this.relation, schema);
  }

  batches(schema: Schema, options: BatchOptions = {}): AsyncIterable<Batch> {
    checkCount('batchRows', options.batchRows ?? 1);
    return readBatches(this.relation, schema, options);
  }

  async sample(
    schema: Schema,
    count: number,
    seed: number,
    options?: SampleOptions,
  ): Promise<Sample> {
    const rows = await this.rowCount();
    const chosen = chooseRows(rows, count, new RandomStream(seed, 'sample'));
    return sampleRows(this.relation, schema, chosen, rows, options);
  }

  async records(
    rowNumbers: readonly number[],
    columns?: readonly string[],
  ): Promise<readonly Record<string, unknown>[]> {
    const names = columns ?? this.relation.columns.map(({ name }) => name);
    return readRecords(this.relation, rowNumbers, names);
  }

  #view(query: string): Table {
    return new FileTable({ ...this.relation, from: `(${query})` }, false);
  }

  #condition(filter: RowFilter): string {
    const column = columnNamed(this.relation, filter.column);
    const text = textExpression(column);
    const conditions: string[] = [];
    if (filter.in !== undefined) {
      conditions.push(
        filter.in.length === 0
          ? 'false'
          : `coalesce(list_contains([${literals(filter.in)}], ${text}), false)`,
      );
    }
    if (filter.notIn !== undefined && filter.notIn.length > 0) {
      conditions.push(`coalesce(NOT list_contains([${literals(filter.notIn)}], ${text}), true)`);
    }
    if (filter.compare !== undefined) {
      const { operator, value } = filter.compare;
      // The engine holds NaN for the greatest number.
      const number = `nullif(${numberExpression(column)}, 'NaN'::DOUBLE)`;
      conditions.push(`coalesce(${number} ${operator} ${doubleLiteral(value)}, false)`);
    }
    return conditions.length === 0 ? 'true' : conditions.join(' AND ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#owner) await this.relation.database.close();
  }
}
