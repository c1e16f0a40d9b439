// Chooses the sample of `unlikely demo` from the KDD Cup 1999 tables, the same rows each time:
//   node packages/unlikely/sample/make-sample.mjs FOLDER
// where FOLDER holds kddcup99_10_percent_train.parquet and kddcup99_corrected_test.parquet.
// Rows are ordered by a hash of their number in the file, so the choice is random but fixed.
import { gzipSync } from 'node:zlib';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2] ?? '../shared/data/tabular';
const table = (name) => `read_parquet('${join(folder, name)}', file_row_number = true)`;
const hashed = `md5('unlikely' || file_row_number)`;

const samples = {
  'normal-connections.csv.gz': `
    SELECT * EXCLUDE (attack, file_row_number)
    FROM ${table('kddcup99_10_percent_train.parquet')}
    WHERE attack = 'normal' ORDER BY ${hashed} LIMIT 4000`,
  'new-connections.csv.gz': `
    SELECT * EXCLUDE (file_row_number, place) FROM (
      SELECT *, row_number() OVER (PARTITION BY attack ORDER BY ${hashed}) AS place
      FROM ${table('kddcup99_corrected_test.parquet')})
    WHERE place <= CASE attack WHEN 'normal' THEN 1500 ELSE 20 END
    ORDER BY md5('order' || attack || place)`,
};

const database = await (await DuckDBInstance.create(':memory:')).connect();
for (const [name, query] of Object.entries(samples)) {
  const plain = join(import.meta.dirname, name.replace(/\.gz$/, ''));
  await database.run(`COPY (${query}) TO '${plain}' (FORMAT csv, HEADER)`);
  writeFileSync(join(import.meta.dirname, name), gzipSync(readFileSync(plain), { level: 9 }));
  rmSync(plain);
}
