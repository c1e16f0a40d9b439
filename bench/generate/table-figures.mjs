// How near made rows are to real ones, and what `denoise` repairs: the tables of docs/generate.md.
//
//   node bench/generate/table-figures.mjs model.onnx normal-connections.csv.gz new-normal.csv
//
// MODEL learnt the rows of the second file; the third holds normal rows to damage (default: the second).
import { RandomStream } from '@unlikely/graph';
import { Detector, nodePlatform, openTable, VAE } from 'unlikely';

const most = 2000;
const mostDamaged = 1000;

const [model, train, test = train] = process.argv.slice(2);
if (train === undefined) throw new Error('expected MODEL and a file of normal rows');
const detector = await Detector.load(model);
const { schema } = detector.manifest;
await detector.dispose();
const vae = await VAE.load(model, nodePlatform());
const { fields } = schema;
const width = fields.length;
const isNumber = ({ kind }) => kind === 'numeric' || kind === 'count';
const numbers = [...fields.keys()].filter((at) => isNumber(fields[at]) && fields[at].deviation > 0);
const categories = [...fields.keys()].filter((at) => !isNumber(fields[at]));
const stream = new RandomStream(1, 'table-figures');

async function encoded(path, count) {
  const table = await openTable(path);
  await table.match(schema);
  const sample = await table.sample(schema, count, 1);
  await table[Symbol.asyncDispose]();
  return sample;
}

/** Numbers as they stand in a written table, where whole ones are whole. */
function written(made) {
  const data = Float64Array.from(made.data);
  vae.recordsOf(made).forEach((record, row) => {
    for (const at of numbers) data[row * width + at] = Number(record[fields[at].name]);
  });
  return { data, rows: made.rows };
}

const column = ({ data, rows }, at) =>
  Float64Array.from({ length: rows }, (_, row) => data[row * width + at]);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const shown = (value) => (Number.isNaN(value) ? '–' : value.toFixed(4));

/** Largest difference of the two distribution functions. */
function kolmogorovSmirnov(a, b) {
  const [first, second] = [a.toSorted(), b.toSorted()];
  let [i, j, largest] = [0, 0, 0];
  while (i < first.length && j < second.length) {
    const value = Math.min(first[i], second[j]);
    while (i < first.length && first[i] <= value) i++;
    while (j < second.length && second[j] <= value) j++;
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  return largest;
}

/** How often each value comes, of all. */
function frequencies(values) {
  const found = new Map();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1 / values.length);
  return found;
}

/** Half of the differences of all frequencies. */
function totalVariation(a, b) {
  const [first, second] = [frequencies(a), frequencies(b)];
  const all = new Set([...first.keys(), ...second.keys()]);
  const difference = (value) => Math.abs((first.get(value) ?? 0) - (second.get(value) ?? 0));
  return [...all].reduce((sum, value) => sum + difference(value), 0) / 2;
}

const mostFrequent = (values) =>
  [...frequencies(values)].reduce((a, b) => (b[1] > a[1] ? b : a))[0];

function correlations(rows) {
  const standard = numbers.map((at) => {
    const values = column(rows, at);
    const centre = mean(values);
    const deviation = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
    return values.map((value) => (value - centre) / deviation);
  });
  return standard.flatMap((a, i) =>
    standard.slice(i + 1).map((b) => mean(a.map((value, row) => value * b[row]))),
  );
}

function distances(real, made) {
  const [a, b] = [correlations(real), correlations(made)];
  const both = [...a.keys()].filter((at) => Number.isFinite(a[at]) && Number.isFinite(b[at]));
  return [
    mean(numbers.map((at) => kolmogorovSmirnov(column(real, at), column(made, at)))),
    categories.length === 0
      ? NaN
      : mean(categories.map((at) => totalVariation(column(real, at), column(made, at)))),
    mean(both.map((at) => Math.abs(a[at] - b[at]))),
  ];
}

const all = await encoded(train, 2 * most);
const half = Math.min(most, all.rows >> 1);
const real = { data: all.data.subarray(0, half * width), rows: half };
const other = { data: all.data.subarray(half * width, 2 * half * width), rows: half };
console.log(`| distance to ${half} real rows | numbers | categories | correlations |`);
console.log('| --- | ---: | ---: | ---: |');
for (const [name, made] of [
  ['other real rows', other],
  ['posterior', written(await vae.generate(half, { seed: 1 }))],
  ['prior', written(await vae.generate(half, { seed: 1, from: 'prior' }))],
  ['posterior, mean', written(await vae.generate(half, { seed: 1, mean: true }))],
]) {
  console.log(`| ${[name, ...distances(real, made).map(shown)].join(' | ')} |`);
}

const whole = await encoded(test, mostDamaged);
const records = vae.recordsOf({ ...whole, columns: width });
/** One place among `places` for each row, with what stands there. */
const placesAmong = (places) =>
  records.map((_, row) => {
    const at = places[stream.integer(places.length)];
    return { at, field: fields[at], truth: whole.data[row * width + at] };
  });

/** What `denoise` leaves in these places once their values are exchanged. */
async function repaired(places, valueOf) {
  const damaged = records.map((record, row) => ({
    ...record,
    [places[row].field.name]: valueOf(places[row], row),
  }));
  const { data } = await vae.denoise(damaged);
  return places.map(({ at }, row) => data[row * width + at]);
}

const errorOf = (places, values) =>
  mean(places.map(({ truth, field }, row) => Math.abs(values[row] - truth) / field.deviation));
const share = (flags) => mean(flags.map(Number));

const moved = placesAmong(numbers);
const values = moved.map(({ field, truth }) => {
  const step = 5 * field.deviation;
  const isUp = stream.uniform() < 0.5 || (field.minimum >= 0 && truth < step);
  return isUp ? truth + step : truth - step;
});
const after = await repaired(moved, (_, row) => values[row]);
const { data: untouched } = await vae.denoise(records);
/** A category that training did not know is none in a record: there is nothing to keep. */
const isReplaced = (value, at) =>
  records[Math.floor(at / width)][fields[at % width].name] !== null &&
  Math.abs(value - whole.data[at]) > 1e-3 * (fields[at % width].deviation ?? 1);
const median = (at) => column(all, at).toSorted()[all.rows >> 1];
const medians = new Map(numbers.map((at) => [at, median(at)]));

const line = (name, value) => console.log(`| ${name} | ${shown(value)} |`);
console.log('\n| denoise | |\n| --- | ---: |');
line(
  'moved cells that were found',
  share(after.map((v, row) => Math.abs(v - values[row]) > 5e-3 * moved[row].field.deviation)),
);
line('their error afterwards, deviations', errorOf(moved, after));
line('cells replaced in rows that nobody changed', share(Array.from(untouched, isReplaced)));
const filled = await repaired(moved, () => null);
line('missing number filled, mean absolute error', errorOf(moved, filled));
const ofMedian = moved.map(({ at }) => medians.get(at));
line('by the median', errorOf(moved, ofMedian));

if (categories.length > 0) {
  const emptied = placesAmong(categories);
  const named = await repaired(emptied, () => null);
  const modes = new Map(categories.map((at) => [at, mostFrequent(column(all, at))]));
  const rightShare = (found) => share(emptied.map(({ truth }, row) => found[row] === truth));
  line('missing category filled right', rightShare(named));
  line('by the most frequent', rightShare(emptied.map(({ at }) => modes.get(at))));
}
await vae.dispose();
