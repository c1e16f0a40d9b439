/**
 * How fast records in memory are scored: one by one, and in batches of 256, on one thread.
 *
 * `node bench/records/records.mjs [--table FILE] [--label COLUMN] [--seconds 5] [--rounds 5]`. Without a table, 30 numeric columns
 * are made. The model has the default configuration and few steps, on which no time of a score depends. Prints one line of JSON
 * with medians over the rounds, which take turns.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RandomStream } from '@unlikely/graph';
import { Detector, nodePlatform, openTable, tableFromRecords } from 'unlikely';

const { values } = parseArgs({
  options: {
    table: { type: 'string' },
    label: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
  },
});
const columns = 30;
const rows = 4000;

function made() {
  const stream = new RandomStream(1, 'records');
  return Array.from({ length: rows }, () => {
    const common = stream.uniform();
    return Object.fromEntries(
      Array.from({ length: columns }, (_, column) => [
        `x${column}`,
        common * (column % 5) + stream.uniform(),
      ]),
    );
  });
}

const label = values.label === undefined ? {} : { label: values.label };
const table =
  values.table === undefined ? await tableFromRecords(made()) : await openTable(values.table);
const folder = mkdtempSync(join(tmpdir(), 'unlikely-bench-'));
const path = join(folder, 'model.onnx');
const trained = await Detector.train(table, { ...label, steps: 300, seed: 1 });
await trained.save(path);
await trained.dispose();
const detector = await Detector.load(path, nodePlatform({ threads: 1 }));
const records = await table.records(Array.from({ length: rows }, (_, row) => row));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const quantile = (numbers, level) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * level)];

async function oneByOne(seconds) {
  const times = [];
  const end = performance.now() + seconds * 1000;
  for (let index = 0; performance.now() < end; index++) {
    const started = performance.now();
    await detector.scoreRecord(records[index % records.length]);
    times.push(performance.now() - started);
  }
  const total = times.reduce((sum, time) => sum + time, 0);
  return { median: median(times), p99: quantile(times, 0.99), rate: (1000 * times.length) / total };
}

async function inBatches(seconds) {
  const started = performance.now();
  let count = 0;
  while (performance.now() < started + seconds * 1000) {
    for await (const batch of detector.scoreRecordBatches(records)) count += batch.rows;
  }
  return (1000 * count) / (performance.now() - started);
}

await oneByOne(1);
await inBatches(1);
const single = [];
const batched = [];
for (let round = 0; round < Number(values.rounds); round++) {
  single.push(await oneByOne(Number(values.seconds)));
  batched.push(await inBatches(Number(values.seconds)));
}
await detector.dispose();
await table[Symbol.asyncDispose]();
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify({
    columns: detector.manifest.schema.columns.filter(({ kind }) => kind !== 'ignored').length,
    features: detector.manifest.features.length,
    cores: availableParallelism(),
    oneByOne: {
      medianMilliseconds: median(single.map((each) => each.median)),
      p99Milliseconds: median(single.map((each) => each.p99)),
      recordsPerSecond: median(single.map((each) => each.rate)),
    },
    batchesOf256: { recordsPerSecond: median(batched) },
  }),
);
