// Detection on images with known anomalies, with the default settings of the product:
//
//   mnist    one digit left out as the anomaly, ten runs
//   fashion  one class as normal, ten runs
//   chest    normal chest X-rays against bacteria and virus
//
//   node bench/images/quality.mjs --data ../shared/data/images --sets mnist,fashion,chest --out images.json
//     [--classes 0,1] [--options '{"steps":1500}'] [--seed 1]
//
// Runs that are in the file already are not repeated. Labels choose the normal images that are trained
// on, and grade the test; nothing else. Beside the default the file has what every candidate of the
// choice would have given: to look at, not to choose from.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openImages } from '@unlikely/data';
import { areaUnderRoc, ImageDetector, version } from '@unlikely/detect';
import { singleThreadPlatform } from '../quality/single-thread-platform.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string', default: 'mnist,fashion,chest' },
    classes: { type: 'string' },
    options: { type: 'string', default: '{}' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'images.json' },
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
  const evaluation = await detector.evaluate(test, { normal, reference: train });
  const { choice, health, rows, history } = detector.manifest;
  const result = {
    set,
    run,
    options,
    version,
    normal,
    auroc: evaluation.auroc,
    averagePrecision: evaluation.averagePrecision,
    atThreshold: evaluation.atThreshold,
    baselines: evaluation.baselines,
    byValue: evaluation.byValue,
    choice,
    candidates: await candidatesOf(detector, train, test, normal),
    health,
    rows,
    loss: history.loss.at(-1),
    trained,
    cpu: cpu() - before,
    peakMegabytes: process.resourceUsage().maxRSS / 1e3,
  };
  await detector.dispose();
  return result;
}

/** AUROC of every candidate of the choice on the labelled test, from the model file alone. */
async function candidatesOf(detector, train, test, normal) {
  const inside = (file) =>
    import(new URL(`../../packages/detect/dist/image/${file}`, import.meta.url));
  const { candidatesFor } = await inside('choose-score.js');
  const { combine } = await inside('combination.js');
  const { measuringProgram } = await inside('image-programs.js');
  const { readImageModelFile } = await inside('image-model-file.js');
  const { ImageScorer } = await inside('image-scorer.js');
  const { splitImages } = await inside('split-images.js');
  const { statisticKinds } = await inside('statistic.js');
  const { networks, manifest } = await readImageModelFile(await detector.toBytes());
  const runtime = await singleThreadPlatform.scoringRuntime();
  const outputs = [...statisticKinds, 'complexity'];
  const scorer = await ImageScorer.create(measuringProgram(networks), outputs, runtime);
  const { settings, configuration } = manifest;
  const collect = async (batches) => {
    const parts = Object.fromEntries(outputs.map((name) => [name, []]));
    const labels = [];
    for await (const { data, rows, labels: own = [] } of batches) {
      const found = await scorer.run(data, rows);
      for (const name of outputs) for (const value of found[name]) parts[name].push(value);
      for (const label of own) labels.push(label);
    }
    const arrays = Object.entries(parts).map(([name, list]) => [name, Float64Array.from(list)]);
    const { complexity, ...statistics } = Object.fromEntries(arrays);
    return { measured: { rows: complexity.length, statistics, complexity }, labels };
  };
  await using store = await train.where({ in: normal }).pixels(settings);
  const split = splitImages(store.rows, configuration.calibrationShare, configuration.seed);
  const size = settings.width * settings.height * settings.channels;
  const reference = new Float32Array(split.reference.length * size);
  store.read(split.reference, reference);
  const usual = await collect([{ data: reference, rows: split.reference.length }]);
  const tested = await collect(test.batches(settings));
  const truth = Uint8Array.from(tested.labels, (label) => Number(!normal.includes(label)));
  const variational = configuration.model === 'variational';
  const found = candidatesFor(usual.measured, variational).map(({ name, combination }) => [
    name,
    areaUnderRoc(combine(combination, tested.measured), truth),
  ]);
  await runtime.dispose();
  return Object.fromEntries(found);
}

function print() {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  for (const set of values.sets.split(',')) {
    const rows = results.filter(
      (result) => result.set === set && JSON.stringify(result.options) === JSON.stringify(options),
    );
    if (rows.length === 0) continue;
    const names = rows[0].baselines.map(({ name }) => name);
    console.log(`\n## ${set}\n`);
    console.log(`| run | AUROC | score chosen | ${names.join(' | ')} |`);
    console.log(`|---|--:|---|${names.map(() => '--:|').join('')}`);
    const baseline = (row, name) => row.baselines.find((other) => other.name === name).auroc;
    for (const row of rows) {
      const cells = names.map((name) => baseline(row, name).toFixed(3));
      console.log(
        `| ${row.run} | ${row.auroc.toFixed(3)} | ${row.choice.name} | ${cells.join(' | ')} |`,
      );
    }
    const means = names.map((name) => mean(rows.map((row) => baseline(row, name))).toFixed(3));
    console.log(
      `| mean | ${mean(rows.map(({ auroc }) => auroc)).toFixed(3)} | | ${means.join(' | ')} |`,
    );
    const candidates = Object.keys(rows[0].candidates);
    console.log(`\n| candidate | ${rows.map(({ run }) => run).join(' | ')} | mean |`);
    console.log(`|---|${rows.map(() => '--:|').join('')}--:|`);
    for (const name of candidates) {
      const own = rows.map((row) => row.candidates[name]);
      const cells = own.map((value) => value.toFixed(3));
      console.log(`| ${name} | ${cells.join(' | ')} | ${mean(own).toFixed(3)} |`);
    }
  }
}
