// The most and the least anomalous test images as one picture, from models that are there already: in each
// row the image and, for each model, what it expects in its place and where the score comes from. On the left the
// most anomalous by the first model, on the right the least.
//
//   node bench/images/pictures.mjs --test ../shared/data/images/mnist_test.parquet \
//     --models vae.onnx,autoencoder.onnx --out pictures.png [--rows 6] [--images 1000] [--seed 1] [--scale 2]
import { parseArgs } from 'node:util';
import { heatMap, imageGrid, openImages, writePng } from '@unlikely/data';
import { ImageDetector } from '@unlikely/detect';
import { singleThreadPlatform } from '../quality/single-thread-platform.mjs';

const { values } = parseArgs({
  options: {
    test: { type: 'string' },
    models: { type: 'string' },
    out: { type: 'string', default: 'pictures.png' },
    rows: { type: 'string', default: '6' },
    images: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '2' },
  },
});
if (values.test === undefined || values.models === undefined) {
  throw new Error('expected --test FILE --models FILES');
}

const detectors = [];
for (const path of values.models.split(',')) {
  detectors.push(await ImageDetector.load(path, singleThreadPlatform));
}
const { schema: settings } = detectors[0].manifest;
const { width, height, channels } = settings;
const test = await openImages(values.test);
const sample = await test.sample(settings, Number(values.images), Number(values.seed));
const { score } = await detectors[0].scoreImages(sample);
const order = Array.from(score.keys()).sort((a, b) => score[b] - score[a]);
const count = Math.min(Number(values.rows), Math.floor(order.length / 2));
const chosen = [...order.slice(0, count), ...order.slice(-count).reverse()];

const size = width * height * channels;
const data = new Float32Array(chosen.length * size);
chosen.forEach((row, at) => {
  data.set(sample.data.subarray(row * size, (row + 1) * size), at * size);
});
const panels = chosen.map((_, at) => [levelsAt(data, at)]);
for (const detector of detectors) {
  const { details } = await detector.explain({ data, rows: chosen.length });
  const scale = scaleOf(details.contributions);
  panels.forEach((row, at) => {
    const contributions = details.contributions.subarray(
      at * width * height,
      (at + 1) * width * height,
    );
    row.push(levelsAt(details.expected, at), heatMap(row[0], contributions, scale));
  });
  await detector.dispose();
}
const rows = Array.from({ length: count }, (_, row) => [
  ...panels[row],
  undefined,
  ...panels[count + row],
]);
const scale = Number(values.scale);
await writePng(
  values.out,
  imageGrid(rows.flat(), { columns: rows[0].length, padding: scale, scale }),
);
const named = (rows) =>
  rows.map((row) => `${sample.labels?.[row] ?? ''} ${score[row].toFixed(1)}`).join(', ');
console.log(`most anomalous: ${named(chosen.slice(0, count))}`);
console.log(`least: ${named(chosen.slice(count))}`);

function levelsAt(all, at) {
  return { data: all.slice(at * size, (at + 1) * size), width, height, channels };
}

/** One scale for all heat maps of a model, so that they can be compared. */
function scaleOf(contributions) {
  const sorted = contributions.slice().sort();
  const quantile = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  return { low: quantile(0.5), high: quantile(0.998) };
}
