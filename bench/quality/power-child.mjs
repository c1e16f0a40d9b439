// One set and seed: what every detector finds of injected anomalies, without labels, and of the labelled
// ones; and how often an explanation names the field that was changed.
import {
  areaUnderRoc,
  ConformalCalibration,
  defaultConfiguration,
  injectAnomalies,
  VAE,
} from '@unlikely/detect';
import { baselines } from '@unlikely/detect/baselines';
import { RandomStream } from '@unlikely/graph';
import { parseDetector } from './detector-name.mjs';
import { pick, split, standardiser } from './protocol.mjs';
import { readSet } from './read-set.mjs';
import { singleThreadPlatform } from './single-thread-platform.mjs';

/** Normal rows that anomalies are made of, a fifth of the training rows at most. */
const mostHeldOut = 1000;
const mostExplained = 400;
/** Of each class; an AUROC has the same expectation on fewer rows. */
const mostTested = 4000;

const { path, set, seed, detectors, rate, options } = JSON.parse(process.argv[2]);
const labelled = await readSet(path);
const { columns } = labelled;
const stream = new RandomStream(seed, 'quality-power');
const { train, test: allTest } = split(labelled, 'semi', seed);
const test = [0, 1].flatMap((label) => {
  const rows = allTest.filter((row) => labelled.labels[row] === label);
  const order = stream.split('test', label).permutation(rows.length).subarray(0, mostTested);
  return Array.from(order, (place) => rows[place]);
});
const shuffled = stream.permutation(train.length).map((place) => train[place]);
const heldOut = shuffled.slice(0, Math.min(mostHeldOut, Math.round(train.length / 5)));
const learnt = shuffled.slice(heldOut.length);

const injected = injectAnomalies({
  fields: Array.from({ length: columns }, (_, field) => ({ kind: 'numeric', name: `f${field}` })),
  heldOut: encoded(heldOut),
  reference: encoded(learnt.slice(0, mostHeldOut)),
  seed,
});
/** The set with the made rows after its own, so that all detectors see both alike. */
const data = { columns, ...withInjected() };
const testLabels = Uint8Array.from(test, (row) => labelled.labels[row]);

const measured = {};
const standardise = standardiser(labelled, learnt);
const standardiseAll = standardiser(data, learnt);
for (const name of detectors.filter((each) => parseDetector(each).family !== 'unlikely')) {
  const fitted = baselines[name].fit(standardise(learnt), seed);
  await measure(name, (rows) => fitted.score(standardiseAll(rows)));
}
const ours = detectors.map(parseDetector).filter(({ family }) => family === 'unlikely');
const training = { calibrationShare: 0, ...options, seed };
const defaults = { ...defaultConfiguration, ...options };
// The combined score stores rows and codes, which every other score can do without.
const vae = new VAE({ ...training, score: 'combined' }, singleThreadPlatform);
await vae.fit(pick(data, learnt));
for (const { name, choice } of ours) {
  const { score, samples, codes } = defaults;
  const model = vae.scoredBy({ score, samples, codes, ...choice });
  await measure(name, (rows) => scoresOf(model, rows));
  await model.dispose();
}
await vae.dispose();

const result = { set, seed, rows: labelled.rows, columns, heldOut: heldOut.length, measured };
console.log(JSON.stringify({ ...result, explained: await explanations() }));

function encoded(rows) {
  return { data: Float64Array.from(pick(labelled, rows).data), rows: rows.length };
}

function withInjected() {
  const parts = [labelled.data, ...injected.map(({ rows }) => rows.data)];
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return { data: joined, rows: joined.length / columns };
}

/** Numbers of the made rows of each kind within `data`. */
function injectedRows() {
  let next = labelled.rows;
  return injected.map(({ rows }) => Int32Array.from({ length: rows.rows }, () => next++));
}

async function scoresOf(model, rows) {
  return (await model.reconstructionProbability(pick(data, rows))).score;
}

/** AUROC on the labelled test, and of each kind of made rows against the held-out ones. */
async function measure(name, score) {
  const normal = await score(heldOut);
  const kinds = {};
  for (const [index, rows] of injectedRows().entries()) {
    const made = await score(rows);
    const truth = new Uint8Array(normal.length + made.length).fill(1, normal.length);
    kinds[injected[index].kind] = areaUnderRoc(Float64Array.of(...normal, ...made), truth);
  }
  measured[name] = { labelled: areaUnderRoc(await score(test), testLabels), kinds };
}

/**
 * Of rows that the default flags once one column is shifted, for each size: how many there are, and how
 * many explanations have that column first, by contribution alone and as the product ranks.
 */
async function explanations() {
  const model = new VAE({ ...training, score: defaults.score }, singleThreadPlatform);
  await model.fit(pick(data, learnt));
  const normal = await scoresOf(model, heldOut);
  const calibration = new ConformalCalibration(normal);
  const threshold = calibration.threshold(Math.max(rate, calibration.smallestRate));
  const index = injected.findIndex(({ kind }) => kind === 'shift');
  const { origin, target } = injected[index];
  const rows = injectedRows()[index];
  const scores = await scoresOf(model, rows);
  const found = Array.from(rows.keys()).filter(
    (place) => scores[place] > threshold && normal[origin[place]] <= threshold,
  );
  const order = stream.split('explained').permutation(found.length);
  const chosen = Array.from(order.subarray(0, mostExplained), (place) => found[place]);
  const attributions = await model.explain(
    pick(
      data,
      chosen.map((place) => rows[place]),
    ),
  );
  await model.dispose();
  return chosen.map((place, at) => {
    const { contributions } = attributions[at];
    const first = contributions.indexOf(Math.max(...contributions)) === target[place].field;
    return [target[place].deviations, Number(first)];
  });
}
