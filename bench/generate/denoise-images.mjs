// What `unlikely denoise` does for damaged images: root mean squared error against the undamaged
// image, before and after, beside a median of 3 × 3 pixels.
//   node bench/generate/denoise-images.mjs digits.onnx ../shared/data/images/mnist_test.parquet
import { ImageDetector } from '@unlikely/detect';
import { RandomStream } from '@unlikely/graph';
import { nodePlatform, openImages } from 'unlikely';

const [model, input] = process.argv.slice(2);
const detector = await ImageDetector.load(model, nodePlatform({ threads: 1 }));
const { settings } = detector.manifest;
const { width, height, channels } = settings;
const source = await openImages(input);
const { data, rows } = await source.sample(settings, 1000, 1);
await source[Symbol.asyncDispose]();

const size = channels * width * height;
const cut = (value) => Math.min(1, Math.max(0, value));
const noise = (deviation) => (stream) => (value) => cut(value + deviation * stream.normal());
const damages = {
  'no damage': () => (value) => value,
  'noise, deviation .1': noise(0.1),
  'noise, deviation .3': noise(0.3),
  'a fifth of the pixels black or white': (stream) => (value) =>
    stream.uniform() < 0.2 ? Math.round(stream.uniform()) : value,
  'a black block of a quarter of the sides': (stream) => {
    const [top, left] = [height, width].map((side) => stream.integer(side - side / 4 + 1));
    return (value, at) => {
      const [y, x] = [Math.floor((at % (width * height)) / width), at % width];
      const inside = y >= top && y < top + height / 4 && x >= left && x < left + width / 4;
      return inside ? 0 : value;
    };
  },
};

const error = (images) =>
  Math.sqrt(images.reduce((sum, value, at) => sum + (value - data[at]) ** 2, 0) / images.length);

function medians(images) {
  return images.map((_, at) => {
    const [y, x] = [Math.floor((at % (width * height)) / width), at % width];
    const near = [];
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const inside = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
        if (inside) near.push(images[at + dy * width + dx]);
      }
    }
    return near.sort((a, b) => a - b)[near.length >> 1];
  });
}

console.log(
  '| damage | before | after | expected image | median of 3 × 3 |\n| --- | ---: | ---: | ---: | ---: |',
);
for (const [name, damageOf] of Object.entries(damages)) {
  const damaged = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const damage = damageOf(new RandomStream(1, 'damage', name, row));
    for (let at = 0; at < size; at++) damaged[row * size + at] = damage(data[row * size + at], at);
  }
  const expected = await detector.reconstruct({ data: damaged, rows });
  const after = await detector.denoise({ data: damaged, rows });
  const figures = [damaged, after.data, expected.data, medians(damaged)].map((images) =>
    error(images).toFixed(3),
  );
  console.log(`| ${name} | ${figures.join(' | ')} |`);
}
await detector.dispose();
