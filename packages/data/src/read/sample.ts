import type { RandomStream } from '@unlikely/graph';
import { dataError } from '../data-error.ts';
import { chosenRows, rowNumber, type Relation } from '../relation.ts';
import type { Schema } from '../schema.ts';
import type { Sample, SampleOptions } from '../table.ts';
import { encodingQuery } from './batches.ts';
import { copyColumn } from './encoded-rows.ts';

/**
 * Encoded rows, chosen uniformly without replacement among `rows`; holds no more than the result.
 * All of them are streamed as they are: sorting thousands of columns would take more memory than they do.
 */
export async function sampleRows(
  relation: Relation,
  schema: Schema,
  chosen: Float64Array,
  rows: number,
  { labels, signal }: SampleOptions = {},
): Promise<Sample> {
  const width = schema.fields.length;
  const data = new Float64Array(chosen.length * width);
  const texts: (string | null)[] = [];
  let filled = 0;
  signal?.throwIfAborted();
  const read = async (from: string): Promise<void> => {
    const query = encodingQuery({ ...relation, from }, schema, labels);
    for await (const chunk of relation.database.stream(query)) {
      for (let field = 0; field < width; field++) {
        copyColumn(chunk.doubles(field), 0, chunk.rows, data, filled * width + field, width);
      }
      if (labels !== undefined) texts.push(...chunk.texts(width));
      filled += chunk.rows;
      signal?.throwIfAborted();
    }
  };
  if (chosen.length === rows) await read(relation.from);
  else {
    await withNumbers(relation, chosen, (numbers) =>
      read(`(SELECT * FROM ${chosenRows(relation, numbers)} ORDER BY ${rowNumber})`),
    );
  }
  const found = { data, rows: chosen.length, rowNumbers: chosen };
  return labels === undefined ? found : { ...found, labels: texts };
}

/** `count` different numbers below `rows`, each set equally likely (Floyd), ascending. */
export function chooseRows(rows: number, count: number, stream: RandomStream): Float64Array {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw dataError('data/wrong-option', `expected a number of rows, but got ${count}`, {
      help: 'Ask for a whole number of rows from 0.',
    });
  }
  if (count >= rows) return Float64Array.from({ length: rows }, (_, row) => row);
  const chosen = new Set<number>();
  for (let last = rows - count; last < rows; last++) {
    const candidate = stream.integer(last + 1);
    chosen.add(chosen.has(candidate) ? last : candidate);
  }
  return Float64Array.from(chosen).sort();
}

let tables = 0;

/** Makes the row numbers a table for as long as `use` runs. */
export async function withNumbers<Result>(
  relation: Relation,
  numbers: Float64Array,
  use: (table: string) => Promise<Result>,
): Promise<Result> {
  const name = `numbers_${tables++}`;
  await relation.database.createNumberTable(name, numbers);
  try {
    return await use(name);
  } finally {
    await relation.database.run(`DROP TABLE ${name}`);
  }
}
