import { openTable } from '@unlikely/data';

/** @typedef {{ data: Float64Array, labels: Uint8Array, rows: number, columns: number }} LabelledSet */

/**
 * A Parquet or CSV file as numbers in file order, with its column `label`: 1 is an anomaly.
 *
 * @param {string} path
 * @returns {Promise<LabelledSet>}
 */
export async function readSet(path) {
  const table = await openTable(path);
  const features = table.columns.map(({ name }) => name).filter((name) => name !== 'label');
  if (features.length === table.columns.length) throw new Error(`${path} has no column "label"`);
  const schema = await table.inferSchema({
    ignore: ['label'],
    kinds: Object.fromEntries(features.map((name) => [name, 'numeric'])),
  });
  const columns = schema.fields.length;
  const rows = await table.rowCount();
  const data = new Float64Array(rows * columns);
  const labels = new Uint8Array(rows);
  for await (const batch of table.batches(schema, { labels: 'label' })) {
    data.set(batch.data, batch.firstRow * columns);
    batch.labels.forEach((label, row) => {
      labels[batch.firstRow + row] = Number(label) === 0 ? 0 : 1;
    });
  }
  await table[Symbol.asyncDispose]();
  return { data, labels, rows, columns };
}
