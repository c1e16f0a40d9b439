// Milliseconds per training step, images per second in scoring and the peak of memory of the
// convolutional VAE on one shape: node step-time-child.mjs '{"side":28,"channels":1,"batch":128}' THREADS
import { memoryUsage } from 'node:process';
import { RandomStream, slotNames, trainingProgram, writeModel } from '@unlikely/graph';
import { nativeRuntime } from '@unlikely/runtime/node';
import { defaultImageConfiguration } from '@unlikely/detect';

const { side, channels, batch } = JSON.parse(process.argv[2]);
const threads = Number(process.argv[3] ?? 1);
const inside = (file) =>
  import(new URL(`../../packages/detect/dist/image/${file}`, import.meta.url));
const { imageCore } = await inside('image-core.js');
const { imageObjective } = await inside('image-objective.js');
const { imageScoringProgram } = await inside('image-programs.js');
const { ImageScorer } = await inside('image-scorer.js');
const { initialiseImages } = await inside('initialise-images.js');
const { plainTerm } = await inside('combination.js');
const { storedBlock, storedCount } = await inside('stored-images.js');

const scales = { pixelMean: 0.5, pixelDeviation: 0.25, mapMeans: [-5, -5], mapDeviations: [2, 2] };
const shape = { channels, height: side, width: side };
const core = imageCore(shape, scales, { ...defaultImageConfiguration, batchSize: batch });
const size = channels * side * side;
const stream = new RandomStream(1, 'bench');
const noise = (length) => Float32Array.from({ length }, () => stream.uniform());
const tensor = (data, ...dimensions) => ({ type: 'float32', dimensions, data });

const runtime = await nativeRuntime();
const objective = imageObjective(core, batch);
const program = writeModel(trainingProgram(objective).graph);
const session = await runtime.createSession(program, { threads });
const steps = Math.max(1, Math.floor(1.5e6 / (batch * size)));
const zeros = () => tensor(new Float32Array(core.parameterCount), core.parameterCount);
const feeds = () => ({
  theta: tensor(initialiseImages(core.shape, 1), core.parameterCount),
  ...Object.fromEntries(slotNames(objective.optimiser).map((name) => [name, zeros()])),
  pixels: tensor(noise(steps * batch * size), steps, batch, channels, side, side),
  regions: tensor(new Float32Array(steps * batch * 4), steps, batch, 4),
  noise: tensor(noise(steps * batch * core.shape.latentSize), steps, batch, core.shape.latentSize),
  schedule: tensor(new Float32Array(steps * 2).fill(1e-4), steps, 2),
});
const rounds = 5;
const own = feeds();
await session.run(own);
const times = [];
const processor = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
const before = processor();
for (let round = 0; round < rounds; round++) {
  const started = performance.now();
  await session.run(own);
  times.push((performance.now() - started) / steps);
}
const perStep = (processor() - before) / (rounds * steps);
times.sort((a, b) => a - b);

// What the default score weighs.
const block = storedBlock(shape);
const count = storedCount(shape);
const stored = Uint8Array.from({ length: (count * size) / block ** 2 }, () => stream.integer(256));
const networks = {
  core,
  theta: initialiseImages(core.shape, 1),
  storedCodes: undefined,
  storedImages: { count, block, data: stored },
};
const usual = ['local-error', 'masked-error', 'map-error', 'neighbour'];
const combination = { terms: usual.map(plainTerm) };
const graph = imageScoringProgram(networks, combination);
const scorer = await ImageScorer.create(graph, ['score'], runtime);
const rows = scorer.blockRows * 4;
const images = noise(rows * size);
await scorer.run(images, rows);
const beforeScoring = processor();
await scorer.run(images, rows);
const scored = (1000 * rows) / (processor() - beforeScoring);
const peak = (memoryUsage().rss / 1e6).toFixed(0);
console.log(
  `unlikely ${times[rounds >> 1].toFixed(2)} ms/step, ${perStep.toFixed(1)} ms of processor time, scoring ${scored.toFixed(0)} images a second of processor time, ${peak} MB`,
);
process.exit(0);
