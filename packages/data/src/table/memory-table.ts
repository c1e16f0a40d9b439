import { RandomStream } from '@unlikely/graph';
import { dataError } from '../data-error.ts';
import { countUnseen } from './encoded-rows.ts';
import type { Field, Schema } from './schema.ts';
import type {
  Batch,
  BatchOptions,
  InferenceOptions,
  RowFilter,
  Sample,
  SampleOptions,
  Table,
} from './table.ts';
import { checkCount } from './check-count.ts';
import { chooseRows } from '../sample/choose-rows.ts';
import { fieldEncoder, numberOf, textOf } from './encode.ts';
import { inferSchema } from './infer/infer-schema.ts';
import type { MemoryColumn } from './memory-columns.ts';
import { byFrequencyInFile, countTexts, memoryQueries } from './memory-queries.ts';
import { missingColumns } from './missing-columns.ts';
import { retyped } from './retyped.ts';
import { spreadBlocks } from '../sample/spread-blocks.ts';
import { storageClass } from './storage.ts';

const defaultBatchRows = 4096;
const defaultValueLimit = 1000;

/** A table of columns in memory: what it says of them is what it would of a file. */
export class MemoryTable implements Table {
  readonly #columns: readonly MemoryColumn[];
  readonly #rows: number;
  readonly #missingValues: readonly string[];

  constructor(columns: readonly MemoryColumn[], rows: number, missingValues: readonly string[]) {
    this.#columns = columns;
    this.#rows = rows;
    this.#missingValues = missingValues;
  }

  get columns(): Table['columns'] {
    return this.#columns.map(({ name, storageType }) => ({ name, storageType }));
  }

  async rowCount(): Promise<number> {
    return this.#rows;
  }

  async values(
    column: string,
    limit: number = defaultValueLimit,
  ): Promise<{ value: string | null; count: number }[]> {
    const texts = this.#texts(column);
    const counts = countTexts(texts).sort(byFrequencyInFile);
    const missing = texts.filter((text) => text === undefined).length;
    const all = counts.map(([value, count]): { value: string | null; count: number } => ({
      value,
      count,
    }));
    if (missing > 0) all.push({ value: null, count: missing });
    return all.sort((a, b) => b.count - a.count).slice(0, limit);
  }

  where(filter: RowFilter): Table {
    return this.#view(this.#filtered(filter));
  }

  async split(testShare: number, each?: RowFilter): Promise<{ training: Table; test: Table }> {
    const all = Array.from({ length: this.#rows }, (_, row) => row);
    const shared = each === undefined ? all : this.#filtered(each);
    const isTest = new Uint8Array(this.#rows).fill(1);
    for (const row of shared) isTest[row] = 0;
    for (const { start, end } of spreadBlocks(shared.length, testShare)) {
      for (const row of shared.slice(start, end)) isTest[row] = 1;
    }
    return {
      training: this.#view(all.filter((row) => isTest[row] === 0)),
      test: this.#view(all.filter((row) => isTest[row] === 1)),
    };
  }

  inferSchema(options?: InferenceOptions): Promise<Schema> {
    return inferSchema(memoryQueries(this.#columns, this.#missingValues), this.#rows, options);
  }

  async match(schema: Schema): Promise<{ readonly extra: readonly string[] }> {
    const fields = new Map(schema.fields.map((field) => [field.column, field]));
    const names = new Set(this.#columns.map(({ name }) => name));
    const missing = [...fields.keys()].filter((name) => !names.has(name));
    if (missing.length > 0) throw missingColumns(missing, this.#columns);
    for (const field of fields.values()) {
      const { storageType, values } = this.#column(field.column);
      if (storageClass(storageType) === 'other') throw retyped(field, storageType, {});
      const encode = fieldEncoder(field);
      const row = values.findIndex((value) => value !== undefined && encode(value) === undefined);
      if (row < 0) continue;
      const value = String(values[row]);
      throw retyped(field, `${JSON.stringify(value)} in row ${row}`, { value, row });
    }
    const known = new Set(schema.columns.map(({ name }) => name));
    return { extra: [...names].filter((name) => !known.has(name)) };
  }

  async *batches(
    schema: Schema,
    { batchRows = defaultBatchRows, labels, signal }: BatchOptions = {},
  ): AsyncGenerator<Batch> {
    checkCount('batchRows', batchRows);
    const encode = this.#encoder(schema.fields);
    const texts = labels === undefined ? undefined : this.#texts(labels);
    for (let firstRow = 0; firstRow < this.#rows; firstRow += batchRows) {
      signal?.throwIfAborted();
      const rows = Math.min(batchRows, this.#rows - firstRow);
      const data = encode(Array.from({ length: rows }, (_, index) => firstRow + index));
      const own = texts?.slice(firstRow, firstRow + rows).map((text) => text ?? null);
      yield {
        rows,
        data,
        firstRow,
        unseen: countUnseen(data, schema.fields),
        ...(own === undefined ? {} : { labels: own }),
      };
    }
    signal?.throwIfAborted();
  }

  async sample(
    schema: Schema,
    count: number,
    seed: number,
    { labels, signal }: SampleOptions = {},
  ): Promise<Sample> {
    signal?.throwIfAborted();
    const rowNumbers = chooseRows(this.#rows, count, new RandomStream(seed, 'sample'));
    const data = this.#encoder(schema.fields)([...rowNumbers]);
    const found = { data, rows: rowNumbers.length, rowNumbers };
    if (labels === undefined) return found;
    const texts = this.#texts(labels);
    return { ...found, labels: Array.from(rowNumbers, (row) => texts[row] ?? null) };
  }

  async records(
    rowNumbers: readonly number[],
    columns?: readonly string[],
  ): Promise<readonly Record<string, unknown>[]> {
    const chosen = (columns ?? this.#columns.map(({ name }) => name)).map((name) =>
      this.#column(name),
    );
    const outside = rowNumbers.find(
      (row) => !(Number.isInteger(row) && row >= 0 && row < this.#rows),
    );
    if (outside !== undefined) {
      throw dataError(
        'data/row-out-of-range',
        `expected rows of the table, but it has no row ${outside}`,
        { help: 'Rows are numbered from 0 in file order.', details: { row: outside } },
      );
    }
    return rowNumbers.map((row) =>
      Object.fromEntries(chosen.map(({ name, values }) => [name, jsonValue(values[row])])),
    );
  }

  /** Nothing is held but memory. */
  async [Symbol.asyncDispose](): Promise<void> {}

  #column(name: string): MemoryColumn {
    const column = this.#columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw missingColumns([name], this.#columns);
    return column;
  }

  #texts(name: string): (string | undefined)[] {
    return this.#column(name).values.map(textOf);
  }

  #view(rows: readonly number[]): MemoryTable {
    const columns = this.#columns.map((column) => ({
      ...column,
      values: rows.map((row) => column.values[row]),
    }));
    return new MemoryTable(columns, rows.length, this.#missingValues);
  }

  /** Rows of numbers; a value that does not fit is missing, as in `Table.batches`. */
  #encoder(fields: readonly Field[]): (rows: readonly number[]) => Float64Array {
    const encoders = fields.map((field) => ({
      encode: fieldEncoder(field),
      values: this.#column(field.column).values,
    }));
    return (rows) => {
      const data = new Float64Array(rows.length * fields.length);
      let place = 0;
      for (const row of rows) {
        for (const { encode, values } of encoders) {
          const value = values[row];
          data[place++] = value === undefined ? NaN : (encode(value) ?? NaN);
        }
      }
      return data;
    };
  }

  #filtered({ column, in: kept, notIn, compare }: RowFilter): number[] {
    const { values } = this.#column(column);
    const texts = values.map(textOf);
    const [inside, outside] = [kept && new Set(kept), notIn && new Set(notIn)];
    return Array.from(values.keys()).filter((row) => {
      const text = texts[row];
      if (inside !== undefined && (text === undefined || !inside.has(text))) return false;
      if (outside !== undefined && text !== undefined && outside.has(text)) return false;
      return compare === undefined || holds(numberOf(values[row]), compare);
    });
  }
}

function holds(
  number: number | undefined,
  { operator, value }: NonNullable<RowFilter['compare']>,
): boolean {
  if (number === undefined) return false;
  switch (operator) {
    case '<':
      return number < value;
    case '<=':
      return number <= value;
    case '>':
      return number > value;
    case '>=':
      return number >= value;
  }
}

/** JSON holds whole numbers to 2^53; larger ones become text. */
function jsonValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
