import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openTable } from '@unlikely/data';
import { describe, expect, it } from 'vitest';

const path = fileURLToPath(
  new URL('../../../../shared/data/tabular/kddcup99_corrected_test.parquet', import.meta.url),
);

// Three row groups, text columns with missing values: what several threads could read out of order.
describe.skipIf(!existsSync(path))('a large Parquet file (skipped without shared data)', () => {
  it('comes in batches in the order of its rows', async () => {
    await using table = await openTable(path);
    const schema = await table.inferSchema({ ignore: ['attack'] });
    const labels: (string | null)[] = [];
    for await (const batch of table.batches(schema, { labels: 'attack' })) {
      expect(batch.firstRow).toBe(labels.length);
      for (const label of batch.labels!) labels.push(label);
    }
    const rows = Array.from({ length: 500 }, (_, index) => index * 622);
    const records = await table.records(rows, ['attack']);
    expect(records.map((record) => record['attack'])).toEqual(rows.map((row) => labels[row]));
  });
});
