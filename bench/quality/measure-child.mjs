// One set and seed for several detectors: prints one line of JSON for each. Ours is trained once and
// scored in every way that was asked for.
import { areaUnderRoc, averagePrecision, defaultConfiguration, VAE } from '@unlikely/detect';
import { baselines } from '@unlikely/detect/baselines';
import { parseDetector } from './detector-name.mjs';
import { pick, pickRecords, split, standardiser } from './protocol.mjs';
import { readSet } from './read-set.mjs';
import { singleThreadPlatform } from './single-thread-platform.mjs';

const { path, set, seed, protocol, kinds, detectors, options } = JSON.parse(process.argv[2]);
const data = await readSet(path);
const { train, test } = split(data, protocol, seed);
const labels = Uint8Array.from(test, (row) => data.labels[row]);
const pickRows = kinds === 'inferred' ? pickRecords : pick;
const wanted = detectors.map(parseDetector);
const standardise = standardiser(data, train);

for (const { name, family } of wanted.filter(({ family }) => family !== 'unlikely')) {
  const started = performance.now();
  const fitted = baselines[family].fit(standardise(train), seed);
  const trained = performance.now();
  report(name, fitted.score(standardise(test)), trained - started, performance.now() - trained);
}

const ours = wanted.filter(({ family }) => family === 'unlikely');
if (ours.length > 0) {
  const codes = Math.max(...ours.map(({ choice }) => choice.codes ?? defaultConfiguration.codes));
  const chosen = { calibrationShare: 0, ...options };
  const training = { ...chosen, codes: Math.max(codes, chosen.codes ?? 0), seed };
  // What these store, every other score can do without.
  const asked = [options.score, ...ours.map(({ choice }) => choice.score)];
  const stores = asked.includes('robust') ? 'robust' : 'combined';
  const vae = new VAE({ ...training, score: stores }, singleThreadPlatform);
  const started = performance.now();
  await vae.fit(pickRows(data, train));
  const seconds = performance.now() - started;
  const { score, samples } = { ...defaultConfiguration, ...options };
  for (const { name, choice } of ours) {
    const wantedCodes = options.codes ?? defaultConfiguration.codes;
    const chosenScore = { score, samples, codes: wantedCodes, ...choice };
    // Such a score goes with all the codes that its scale was measured with.
    if (['combined', 'robust'].includes(chosenScore.score)) chosenScore.codes = training.codes;
    const model = vae.scoredBy(chosenScore);
    const rows = pickRows(data, test);
    const begun = performance.now();
    const { score: scores } = await model.reconstructionProbability(rows);
    report(name, scores, seconds, performance.now() - begun);
    await model.dispose();
  }
  await vae.dispose();
}

function report(detector, scores, trainMilliseconds, scoreMilliseconds) {
  const result = {
    set,
    detector,
    seed,
    protocol,
    rows: data.rows,
    columns: data.columns,
    trainRows: train.length,
    testRows: test.length,
    anomalies: labels.reduce((sum, label) => sum + label, 0),
    auroc: areaUnderRoc(scores, labels),
    averagePrecision: averagePrecision(scores, labels),
    trainSeconds: trainMilliseconds / 1000,
    scoreSeconds: scoreMilliseconds / 1000,
  };
  console.log(JSON.stringify(result));
}
