// What `--no-stored-rows` costs: each table is trained with and without, and tested on the fifth of its rows
// that the training keeps from itself. Tables are given as FILE or FILE:LABEL.
//
//   node bench/quality/stored-rows.mjs TABLE.parquet OTHER.csv:Class
import { basename } from 'node:path';
import { openTable } from '@unlikely/data';
import { Detector } from 'unlikely';
import { table } from './markdown.mjs';
import { mean } from './summary.mjs';

const testShare = 0.2;
const rows = [];
for (const argument of process.argv.slice(2)) {
  const [, file, label = 'label'] = /^(.*?)(?::(\w+))?$/.exec(argument);
  const source = await openTable(file);
  const results = [];
  for (const options of [{}, { storedRows: 0 }]) {
    const detector = await Detector.train(source, { label, testShare, ...options });
    const filter = { column: label, in: detector.manifest.label.normal };
    const { test } = await source.split(testShare, filter);
    const figures = await detector.evaluate(test, {
      label,
      baselines: false,
      falsePositiveRate: 0.05,
      allRows: true,
      normalShare: testShare,
    });
    const { length: bytes } = await detector.toBytes();
    results.push({ auroc: figures.auroc, averagePrecision: figures.averagePrecision, bytes });
    await detector.dispose();
  }
  await source[Symbol.asyncDispose]();
  rows.push({ name: basename(file).replace(/\.\w+$/, ''), results });
  console.error(rows.at(-1).name);
}
const cells = (results) => [
  ...results.map(({ auroc }) => auroc.toFixed(3)),
  ...results.map(({ averagePrecision }) => averagePrecision.toFixed(3)),
  ...results.map(({ bytes }) => Math.round(bytes / 1000).toString()),
];
const average = [0, 1].map((index) =>
  Object.fromEntries(
    ['auroc', 'averagePrecision', 'bytes'].map((name) => [
      name,
      mean(rows.map(({ results }) => results[index][name])),
    ]),
  ),
);
console.log(
  table(
    ['table', 'AUROC', 'without', 'average precision', 'without', 'kB', 'without'],
    [...rows.map(({ name, results }) => [name, ...cells(results)]), ['mean', ...cells(average)]],
  ),
);
