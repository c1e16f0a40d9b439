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

function totalVariation(a, b) {
  const share = (values, value) => values.filter((each) => each === value).length / values.length;
  const values = [...new Set([...a, ...b])];
  return (
    mean(values.map((value) => Math.abs(share(a, value) - share(b, value)))) * values.length * 0.5
  );
}

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
const chosen = (among) => records.map(() => among[stream.integer(among.length)]);
/** `denoise` of the records with one value each exchanged; the values of those places afterwards. */
async function repaired(places, valueOf) {
  const damaged = records.map((record, row) => {
    const { name } = fields[places[row]];
    return { ...record, [name]: valueOf(record[name], fields[places[row]]) };
  });
  const { data } = await vae.denoise(damaged);
  return places.map((at, row) => data[row * width + at]);
}
const truth = (places) => places.map((at, row) => whole.data[row * width + at]);
const errorOf = (places, values) =>
  mean(values.map((v, row) => Math.abs(v - truth(places)[row]) / fields[places[row]].deviation));

const moved = chosen(numbers);
const shifts = moved.map((at, row) => {
  const step = 5 * fields[at].deviation;
  const up = stream.uniform() < 0.5 || (fields[at].minimum >= 0 && truth(moved)[row] < step);
  return up ? step : -step;
});
let next = 0;
const after = await repaired(moved, (value) => value + shifts[next++]);
const wasFound = (value, row) =>
  Math.abs(value - truth(moved)[row] - shifts[row]) > 1e-3 * Math.abs(shifts[row]);
const { data: untouched } = await vae.denoise(records);
const filled = await repaired(moved, () => null);
const medians = fields.map((_, at) => column(all, at).toSorted()[all.rows >> 1]);
console.log('\n| denoise | |\n| --- | ---: |');
const line = (name, value) => console.log(`| ${name} | ${shown(value)} |`);
line('moved cells that were found', mean(after.map((value, row) => Number(wasFound(value, row)))));
line('their error afterwards, deviations', errorOf(moved, after));
/** A category that training did not know is none in a record: there is nothing to keep. */
const differs = (value, at) =>
  records[Math.floor(at / width)][fields[at % width].name] !== null &&
  Math.abs(value - whole.data[at]) > 1e-3 * (fields[at % width].deviation ?? 1);
line(
  'cells replaced in rows that nobody changed',
  mean(untouched.map((v, at) => Number(differs(v, at)))),
);
line('missing number filled, mean absolute error', errorOf(moved, filled));
line(
  'by the median',
  errorOf(
    moved,
    moved.map((at) => medians[at]),
  ),
);
if (categories.length > 0) {
  const emptied = chosen(categories);
  const named = await repaired(emptied, () => null);
  const modes = fields.map((_, at) => {
    const values = [...column(all, at)];
    const counts = new Map(values.map((value) => [value, 0]));
    for (const value of values) counts.set(value, counts.get(value) + 1);
    return values.reduce((a, b) => (counts.get(b) > counts.get(a) ? b : a));
  });
  const right = (values) => mean(values.map((v, row) => Number(v === truth(emptied)[row])));
  line('missing category filled right', right(named));
  line('by the most frequent', right(emptied.map((at) => modes[at])));
}
await vae.dispose();
