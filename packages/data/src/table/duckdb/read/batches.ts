import { fieldExpression, textExpression } from '../encode-in-sql.ts';
import { columnNamed, type Relation } from '../relation.ts';
import type { Schema } from '../../schema.ts';
import type { Batch, BatchOptions } from '../../table.ts';
import { copyColumn, countUnseen } from '../../encoded-rows.ts';

const defaultBatchRows = 4096;

/** The encoded rows of the relation, in order, in batches of equal size but for the last. */
export async function* readBatches(
  relation: Relation,
  schema: Schema,
  { batchRows = defaultBatchRows, labels, signal }: BatchOptions = {},
): AsyncGenerator<Batch> {
  const { fields } = schema;
  const width = fields.length;
  let data = new Float64Array(batchRows * width);
  let texts: (string | null)[] = [];
  let filled = 0;
  let firstRow = 0;
  const finish = (): Batch => {
    const full = filled === batchRows ? data : data.slice(0, filled * width);
    const batch: Batch = {
      rows: filled,
      data: full,
      firstRow,
      unseen: countUnseen(full, fields),
      ...(labels === undefined ? {} : { labels: texts }),
    };
    firstRow += filled;
    filled = 0;
    texts = [];
    return batch;
  };
  signal?.throwIfAborted();
  for await (const chunk of relation.database.stream(encodingQuery(relation, schema, labels))) {
    const chunkLabels = labels === undefined ? [] : chunk.texts(width);
    for (let start = 0; start < chunk.rows;) {
      const rows = Math.min(chunk.rows - start, batchRows - filled);
      for (let field = 0; field < width; field++) {
        copyColumn(chunk.doubles(field), start, rows, data, filled * width + field, width);
      }
      if (labels !== undefined) texts.push(...chunkLabels.slice(start, start + rows));
      filled += rows;
      start += rows;
      if (filled === batchRows) {
        yield finish();
        signal?.throwIfAborted();
        data = new Float64Array(batchRows * width);
      }
    }
    signal?.throwIfAborted();
  }
  if (filled > 0) yield finish();
}

/** One DOUBLE column a field, then the label's text, then further expressions. */
export function encodingQuery(
  relation: Relation,
  schema: Schema,
  labels: string | undefined,
  more: readonly string[] = [],
): string {
  const selected = schema.fields.map((field) =>
    fieldExpression(field, columnNamed(relation, field.column)),
  );
  if (labels !== undefined) selected.push(textExpression(columnNamed(relation, labels)));
  selected.push(...more);
  // A schema may have no field at all, and a query must select something.
  return `SELECT ${selected.length === 0 ? '1' : selected.join(', ')} FROM ${relation.from}`;
}
