// Sorts images of digits into folders by two traits that nobody labelled: slant (left/, right/) and
// thickness (thin/, thick/), the outer fifths of each class, so that a trait does not stand for a digit.
//   node bench/generate/sort-digits.mjs ../shared/data/images/mnist_train.parquet traits
// makes traits/slant and traits/thickness, what `unlikely attribute` learns the two from.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openImages, writePng } from 'unlikely';

const [input, output] = process.argv.slice(2);
const images = 5000;
const share = 0.2;

const source = await openImages(input);
const settings = await source.inferSettings({ seed: 1 });
const { width, height, channels } = settings;
const { data, rows, labels, names } = await source.sample(settings, images, 1);

/** Pixels that a stroke moves to the right for each pixel up: the shear of the second moments. */
function slant(pixels) {
  const moment = (of) => pixels.reduce((sum, level, at) => sum + level * of(at), 0);
  const mass = moment(() => 1);
  const x = (at) => at % width;
  const y = (at) => -Math.floor(at / width);
  const [mx, my] = [moment(x) / mass, moment(y) / mass];
  return moment((at) => (x(at) - mx) * (y(at) - my)) / moment((at) => (y(at) - my) ** 2);
}

/** Ink for each pixel of outline. */
function thickness(pixels) {
  const ink = pixels.reduce((sum, level) => sum + level, 0);
  const steps = pixels.reduce(
    (sum, level, at) =>
      sum + Math.abs(level - (pixels[at + 1] ?? 0)) + Math.abs(level - (pixels[at + width] ?? 0)),
    0,
  );
  return ink / steps;
}

const pixelsOf = (row) => data.subarray(row * width * height, (row + 1) * width * height);
for (const [trait, measure, low, high] of [
  ['slant', slant, 'left', 'right'],
  ['thickness', thickness, 'thin', 'thick'],
]) {
  for (const side of [low, high]) await mkdir(join(output, trait, side), { recursive: true });
  for (const label of new Set(labels)) {
    const own = [...Array(rows).keys()]
      .filter((row) => labels[row] === label)
      .map((row) => ({ row, value: measure(pixelsOf(row)) }))
      .sort((a, b) => a.value - b.value);
    const count = Math.floor(own.length * share);
    for (const [side, some] of [
      [low, own.slice(0, count)],
      [high, own.slice(-count)],
    ]) {
      for (const { row } of some) {
        const image = { data: pixelsOf(row), width, height, channels };
        await writePng(join(output, trait, side, `${row}.png`), image);
      }
    }
  }
}
await source[Symbol.asyncDispose]();
console.log(`${rows} images of ${names.length} sorted into ${output}`);
