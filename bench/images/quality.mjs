// Detection on images with known anomalies, with the default settings of the product:
//
//   mnist    one digit left out as the anomaly, ten runs
//   fashion  one class as normal, ten runs
//   chest    normal chest X-rays against bacteria and virus
//
//   node bench/images/quality.mjs --data ../shared/data/images --sets mnist,fashion,chest --out images.json
//     [--classes 0,1] [--options '{"steps":1500}'] [--seed 1] [--images 3000] [--models FOLDER]
//     [--baselines] [--candidates]
//
// Runs that are in the file already are not repeated. Labels choose the normal images that are trained
// on, and grade the test; nothing else. The test is `images` of the test images, drawn at random. With
// `--candidates` the file also has what every candidate of the choice would have given: to look at, not
// to choose from.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openImages } from '@unlikely/data';
import { areaUnderRoc, averagePrecision, ImageDetector, version } from '@unlikely/detect';
import { singleThreadPlatform } from '../quality/single-thread-platform.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string', default: 'mnist,fashion,chest' },
    classes: { type: 'string' },
    options: { type: 'string', default: '{}' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'images.json' },
    images: { type: 'string', default: '3000' },
    models: { type: 'string' },
    baselines: { type: 'boolean', default: false },
    candidates: { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('expected --data FOLDER');

const tens = Array.from({ length: 10 }, (_, label) => String(label));
const without = (label) => tens.filter((other) => other !== label);
const protocols = {
  mnist: { files: 'mnist', runs: tens, normal: without },
  fashion: { files: 'fashion_mnist', runs: tens, normal: (label) => [label] },
  chest: { files: 'chest_xray_64', runs: ['normal'], normal: () => ['normal'] },
};
const chosen = JSON.parse(values.options);
const seed = Number(values.seed);

const results = await readFile(values.out, 'utf8').then(JSON.parse, () => []);
const keyOf = ({ set, run, options }) => JSON.stringify([set, run, options]);
const finished = new Set(results.map(keyOf));
const options = { ...chosen, seed };
for (const set of values.sets.split(',')) {
  const { files, runs, normal } = protocols[set];
  for (const run of values.classes?.split(',') ?? runs) {
    if (finished.has(keyOf({ set, run, options }))) continue;
    const result = await measure(set, run, files, normal(run));
    results.push(result);
    await writeFile(`${values.out}.partial`, JSON.stringify(results, undefined, 1));
    await rename(`${values.out}.partial`, values.out);
    console.error(`${set} ${run}: AUROC ${result.auroc.toFixed(3)} by "${result.choice.name}"`);
  }
}
print();

async function measure(set, run, files, normal) {
  const train = await openImages(join(values.data, `${files}_train.parquet`));
  const test = await openImages(join(values.data, `${files}_test.parquet`));
  try {
    return await measureOn(set, run, { train, test }, normal);
  } finally {
    await train[Symbol.asyncDispose]();
    await test[Symbol.asyncDispose]();
  }
}

async function measureOn(set, run, { train, test }, normal) {
  const cpu = () => process.cpuUsage().user / 1e6;
  const [started, before] = [performance.now(), cpu()];
  const detector = await ImageDetector.train(
    train,
    { normal, threads: 1, ...options },
    singleThreadPlatform,
  );
  const trained = { seconds: (performance.now() - started) / 1000, cpu: cpu() - before };
  if (values.models !== undefined) {
    await mkdir(values.models, { recursive: true });
    await detector.save(join(values.models, `${set}-${run}.onnx`));
  }
  const { choice, health, rows, history, schema: settings } = detector.manifest;
  const tested = await test.sample(settings, Number(values.images), seed);
  const truth = Uint8Array.from(tested.labels, (label) => Number(!normal.includes(label)));
  const { score, pValue } = await detector.scoreImages(tested);
  const counted = (wanted, of) => truth.filter((label, row) => label === wanted && of(row)).length;
  const normals = counted(0, () => true);
  const scored = cpu();
  const result = {
    set,
    run,
    options,
    version,
    normal,
    images: tested.rows,
    auroc: areaUnderRoc(score, truth),
    averagePrecision: averagePrecision(score, truth),
    // At p ≤ .01: of the normal images, and of the others.
    flagged: {
      normal: counted(0, (row) => pValue[row] <= 0.01) / normals,
      anomalous: counted(1, (row) => pValue[row] <= 0.01) / (tested.rows - normals),
    },
    choice,
    health,
    rows,
    loss: history.loss.at(-1),
    trained,
    cpu: scored - before,
    peakMegabytes: process.resourceUsage().maxRSS / 1e3,
  };
  if (values.baselines) {
    const { baselines } = await detector.evaluate(test, { normal, reference: train });
    result.baselines = baselines;
  }
  if (values.candidates) {
    result.candidates = await candidatesOf(detector, train, { tested, truth }, normal);
  }
  await detector.dispose();
  return result;
}

/** AUROC of every candidate of the choice on the labelled test, from the model file alone. */
async function candidatesOf(detector, train, { tested, truth }, normal) {
  const inside = (file) =>
    import(new URL(`../../packages/detect/dist/image/${file}`, import.meta.url));
  const { candidatesFor } = await inside('choose-score.js');
  const { combine } = await inside('combination.js');
  const { measuringProgram } = await inside('image-programs.js');
  const { readModelFile } = await inside('../artifact/model-file.js');
  const { imageFormat } = await inside('image-format.js');
  const { ImageScorer } = await inside('image-scorer.js');
  const { splitImages } = await inside('split-images.js');
  const { statisticKinds } = await inside('statistic.js');
  const { networks, manifest } = await readModelFile(imageFormat, await detector.toBytes());
  const runtime = await singleThreadPlatform.scoringRuntime();
  const outputs = [...statisticKinds, 'complexity'];
  const scorer = await ImageScorer.create(measuringProgram(networks), outputs, runtime);
  const { schema: settings, configuration } = manifest;
  const measured = async (images) => {
    const { complexity, ...statistics } = await scorer.run(images.data, images.rows);
    return { rows: images.rows, statistics, complexity };
  };
  const store = await train.where({ in: normal }).pixels(settings);
  const split = splitImages(store.rows, configuration.calibrationShare, configuration.seed);
  const size = settings.width * settings.height * settings.channels;
  const reference = new Float32Array(split.reference.length * size);
  store.read(split.reference, reference);
  await store[Symbol.asyncDispose]();
  const usual = await measured({ data: reference, rows: split.reference.length });
  const found = await measured(tested);
  const variational = configuration.model === 'variational';
  const areas = candidatesFor(usual, { variational, storedImages: true }).map(
    ({ name, combination }) => [name, areaUnderRoc(combine(combination, found), truth)],
  );
  await runtime.dispose();
  return Object.fromEntries(areas);
}

function print() {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  for (const set of values.sets.split(',')) {
    const rows = results.filter(
      (result) => result.set === set && JSON.stringify(result.options) === JSON.stringify(options),
    );
    if (rows.length === 0) continue;
    const names = rows[0].baselines?.map(({ name }) => name) ?? [];
    const heads = ['run', 'AUROC', 'flagged, normal', 'flagged, anomalous', 'score', ...names];
    const baseline = (row, name) => row.baselines.find((other) => other.name === name).auroc;
    console.log(`\n## ${set}\n\n| ${heads.join(' | ')} |`);
    console.log(`|${heads.map(() => '---|').join('')}`);
    for (const row of rows) {
      const { auroc, flagged, choice } = row;
      const numbers = [auroc, flagged.normal, flagged.anomalous].map((value) => value.toFixed(3));
      const others = names.map((name) => baseline(row, name).toFixed(3));
      console.log(`| ${[row.run, ...numbers, choice.name, ...others].join(' | ')} |`);
    }
    const means = names.map((name) => mean(rows.map((row) => baseline(row, name))).toFixed(3));
    const ours = mean(rows.map(({ auroc }) => auroc)).toFixed(3);
    console.log(`| ${['mean', ours, '', '', '', ...means].join(' | ')} |`);
    const tried = rows.filter(({ candidates }) => candidates !== undefined);
    if (tried.length === 0) continue;
    console.log(`\n| candidate | ${tried.map(({ run }) => run).join(' | ')} | mean |`);
    console.log(`|---|${tried.map(() => '--:|').join('')}--:|`);
    for (const name of Object.keys(tried[0].candidates)) {
      const own = tried.map((row) => row.candidates[name]);
      const cells = own.map((value) => value.toFixed(3));
      console.log(`| ${name} | ${cells.join(' | ')} | ${mean(own).toFixed(3)} |`);
    }
  }
}
