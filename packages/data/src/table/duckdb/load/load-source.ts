import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { databaseFailure } from '../../../database-failure.ts';
import { dataError } from '../../../data-error.ts';
import type { Database } from '../../../duckdb/duckdb.ts';
import type { StoredColumn } from '../encode-in-sql.ts';
import { exactPath, literal, literals, physicalName } from '../../../duckdb/sql.ts';
import type { TableFormat } from '../../../input/file-format.ts';
import type { TableOptions } from '../table-options.ts';
import { defaultMissingValues } from '../../missing-values.ts';
import { narrowTypes, presentText } from './narrow-types.ts';
import { withoutMark } from './byte-order-mark.ts';
import { byteStream } from '../../../input/byte-stream.ts';
import type { CsvDialect } from '../../csv-text.ts';
import { readCsvDialect } from './csv-dialect.ts';
import { decodeDelimited, withOneLineEnd } from './delimited-files.ts';
import { surveyJson } from './survey-json.ts';
import type { Source } from './resolve-input.ts';

/** What stands after FROM, and the columns, of whose values every missing one is NULL. */
export interface LoadedSource {
  readonly from: string;
  readonly columns: readonly StoredColumn[];
}

type Loader = (database: Database, source: Source, options: TableOptions) => Promise<LoadedSource>;

/** How each format becomes a relation. There is no view in between: binding one of 5,000 columns takes 0.1 s. */
const loaders: Readonly<Record<TableFormat, Loader>> = {
  csv: loadDelimited,
  tsv: loadDelimited,
  parquet: (database, source, options) =>
    relationOfParquet(
      database,
      // A column of a folder's name, year=2024, is nothing that the file holds.
      `read_parquet([${fileList(source)}], hive_partitioning = false)`,
      options,
    ),
  json: (database, source, options) => loadJson(database, source, options, 'auto'),
  ndjson: (database, source, options) => loadJson(database, source, options, 'newline_delimited'),
};

/**
 * Makes the relation. Parquet is read in place; text formats are parsed once into a temporary
 * Parquet file, so that a fault far down is found at once and later passes read only the columns
 * they need.
 */
export async function loadSource(
  database: Database,
  source: Source,
  options: TableOptions,
): Promise<LoadedSource> {
  const loaded = await loaders[source.format](database, source, options);
  const { from, columns } = loaded;
  const [row] = await database.rows(`SELECT 1 FROM ${from} LIMIT 1`);
  if (row === undefined) {
    throw dataError('data/empty', `expected rows, but ${source.paths.join(', ')} holds none`, {
      help: 'Check the program that wrote the file.',
      details: { columns: columns.map(({ name }) => name) },
    });
  }
  return loaded;
}

async function loadDelimited(
  database: Database,
  given: Source,
  options: TableOptions,
): Promise<LoadedSource> {
  const { source: decoded, encoding } = await decodeDelimited(database, given, options);
  const first = given.paths[0]!;
  const dialectOf = (index: number): Promise<CsvDialect> =>
    readCsvDialect(decoded.paths[index]!, given.paths[index]!, decoded, { ...options, encoding });
  const dialect = await dialectOf(0);
  const { delimiter, names } = dialect;
  for (const [index, path] of given.paths.entries()) {
    if (index === 0) continue;
    const other = await dialectOf(index);
    if (other.names.join('\n') !== names.join('\n')) {
      throw dataError(
        'data/mismatched-files',
        `expected the same columns in every file, but ${first} has ${names.join(', ')} and ${path} has ${other.names.join(', ')}`,
        { help: 'Give files with the same columns together, the others on their own.' },
      );
    }
  }
  await database.allowColumns(names.length);
  const { source, lineEnd } = await withOneLineEnd(database, decoded, dialect);
  const physical = names.map((_, index) => physicalName(index));
  const missing = options.missingValues ?? defaultMissingValues;
  const spool = await writeSpool(
    database,
    names.length,
    `SELECT * FROM read_csv([${fileList(source)}], auto_detect = false, ` +
      `columns = {${physical.map((name) => `${name}: 'VARCHAR'`).join(', ')}}, ` +
      `header = ${String(options.header ?? true)}, delim = ${literal(delimiter)}, quote = '"', ` +
      `escape = '"', nullstr = [${literals(missing)}], ` +
      `new_line = ${literal(JSON.stringify(lineEnd).slice(1, -1))}, ` +
      `encoding = ${literal(encoding)}, compression = ${compression(source)})`,
  );
  const narrowed = await narrowTypes(database, physical, spool, missing);
  const columns = names.map((name, index) => {
    const { text, type } = narrowed[index]!;
    return {
      name,
      storageType: type,
      physical: type === 'VARCHAR' ? text : `CAST(${text} AS ${type})`,
    };
  });
  return { from: spool, columns };
}

async function loadJson(
  database: Database,
  given: Source,
  options: TableOptions,
  format: 'auto' | 'newline_delimited',
): Promise<LoadedSource> {
  const isMarked: boolean[] = [];
  for (const path of given.paths) isMarked.push(await surveyJson(path, given.compressed));
  const source = isMarked.includes(true) ? await copiesWithoutMark(database, given) : given;
  const reader = (columns: string): string =>
    `read_json([${fileList(source)}], format = ${literal(format)}, records = true, ` +
    // Types come from all rows: a value of another type far down must not be an error. A row of many
    // keys is no map, and what lies deep within a value has no type of its own.
    `sample_size = -1, map_inference_threshold = -1, maximum_depth = 6, ` +
    `hive_partitioning = false, maximum_object_size = 67108864, ` +
    `compression = ${compression(source)}${columns})`;
  const described = await database.rows(`DESCRIBE SELECT * FROM ${reader('')}`);
  const physical = described.map((_, index) => physicalName(index));
  const types = described.map(
    ([name, type]) => `${literal(String(name))}: ${literal(jsonType(String(type)))}`,
  );
  await database.allowColumns(described.length);
  const spool = await writeSpool(
    database,
    described.length,
    `SELECT * FROM ${reader(`, columns = {${types.join(', ')}}`)} AS files(${physical.join(', ')})`,
  );
  const { from, columns } = await relationOfParquet(database, spool, options);
  const named = columns.map((column, index) => ({
    ...column,
    name: String(described[index]![0]),
  }));
  return { from, columns: named };
}

/**
 * A text stays one as in CSV, and so do values of several types: the engine would take some texts for
 * times, move those with an offset to another hour and read days as months.
 */
function jsonType(type: string): string {
  return /^(JSON|DATE|TIME|TIMESTAMP.*|UUID)$/.test(type) ? 'VARCHAR' : type;
}

/** The engine's reader of JSON does not know the mark. */
async function copiesWithoutMark(database: Database, source: Source): Promise<Source> {
  const paths: string[] = [];
  for (const [index, path] of source.paths.entries()) {
    const copy = join(database.directory, `unmarked-${index}`);
    try {
      const bytes = withoutMark(byteStream(path, source.compressed));
      await pipeline(bytes, createWriteStream(copy));
    } catch (error) {
      throw databaseFailure(error);
    }
    paths.push(copy);
  }
  return { ...source, paths, compressed: false };
}

async function relationOfParquet(
  database: Database,
  reader: string,
  options: TableOptions,
): Promise<LoadedSource> {
  const described = await database.rows(`DESCRIBE SELECT * FROM ${reader}`);
  await database.allowColumns(described.length);
  const missing = literals(options.missingValues ?? defaultMissingValues);
  const names = described.map((_, index) => physicalName(index));
  const columns = described.map(([name, type], index) => {
    const [column, storageType] = [names[index]!, String(type)];
    return {
      name: String(name),
      storageType,
      physical: presentValue(column, storageType, missing),
    };
  });
  return { from: `${reader} AS files(${names.join(', ')})`, columns };
}

/** NULL for the texts that stand for no value, and for NaN. */
function presentValue(column: string, storageType: string, missing: string): string {
  switch (storageType) {
    case 'VARCHAR':
      return presentText(column, missing);
    case 'DOUBLE':
    case 'FLOAT':
      return `(CASE WHEN isnan(${column}) THEN NULL ELSE ${column} END)`;
    default:
      return column;
  }
}

const largestRowGroup = 122_880;
const smallestRowGroup = 2048;
const valuesPerRowGroup = 8_000_000;

/** Writes the rows of a query to a temporary Parquet file and returns the SQL that reads it. */
async function writeSpool(database: Database, columns: number, query: string): Promise<string> {
  const path = join(database.directory, 'rows.parquet');
  // A whole row group is held in memory while it is written.
  const rows = Math.min(largestRowGroup, Math.floor(valuesPerRowGroup / columns));
  await database.run(
    `COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy, ` +
      `ROW_GROUP_SIZE ${Math.max(smallestRowGroup, rows)})`,
  );
  return `read_parquet(${literal(exactPath(path))})`;
}

/** The files as SQL literals that no glob expands again. */
function fileList(source: Source): string {
  return literals(source.paths.map(exactPath));
}

function compression(source: Source): string {
  return literal(source.compressed ? 'gzip' : 'uncompressed');
}
