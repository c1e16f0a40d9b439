import { chosenRows, rowNumber, type Relation } from '../relation.ts';
import type { Schema } from '../../schema.ts';
import type { Sample, SampleOptions } from '../../table.ts';
import { encodingQuery } from './batches.ts';
import { copyColumn } from '../../encoded-rows.ts';

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
