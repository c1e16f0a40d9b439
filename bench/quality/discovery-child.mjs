// One set and seed: what Benjamini–Hochberg flags among fresh normal rows with anomalies, and among
// fresh normal rows alone. Rows are shuffled, so that fresh and calibration rows are exchangeable.
import { defaultConfiguration, VAE } from '@unlikely/detect';
import { RandomStream } from '@unlikely/graph';
import { normalHalves, pick } from './protocol.mjs';
import { readSet } from './read-set.mjs';
import { singleThreadPlatform } from './single-thread-platform.mjs';

const smallBatches = 20;
const smallRows = 100;
const smallAnomalies = 10;

const { path, set, seed, rates, options } = JSON.parse(process.argv[2]);
const data = await readSet(path);
const { train, test, anomalies } = normalHalves(data, 'shuffled', seed);
const { score: defaultScore } = defaultConfiguration;
const vae = new VAE({ score: defaultScore, ...options, seed }, singleThreadPlatform);
await vae.fit(pick(data, train));
const { score: normal } = await vae.reconstructionProbability(pick(data, test));
const { score: anomalous } = await vae.reconstructionProbability(pick(data, anomalies));
const { calibration } = vae;
const stream = new RandomStream(seed, 'discovery');
const points = rates.map((rate) => ({
  rate,
  whole: judge(rate, normal, anomalous),
  wholeNull: judge(rate, normal, []),
  small: draws(smallRows - smallAnomalies, smallAnomalies).map(([a, b]) => judge(rate, a, b)),
  smallNull: draws(smallRows, 0).map(([a]) => judge(rate, a, [])),
}));
await vae.dispose();
const result = { set, seed, rows: data.rows, normals: test.length, anomalies: anomalies.length };
console.log(JSON.stringify({ ...result, calibrationRows: calibration.scores.length, points }));

/** How many of each kind are flagged, the false discovery proportion and the share that is found. */
function judge(rate, normals, others) {
  const scores = Float64Array.from([...normals, ...others]);
  if (rate < calibration.smallestRate) return { flagged: 0, proportion: 0, power: 0 };
  const threshold = calibration.discoveryThreshold(scores, rate);
  const above = (values) => values.reduce((sum, value) => sum + Number(value > threshold), 0);
  const [wrong, right] = [above(normals), above(others)];
  const flagged = wrong + right;
  return {
    flagged,
    proportion: flagged === 0 ? 0 : wrong / flagged,
    power: others.length === 0 ? 0 : right / others.length,
  };
}

/** Batches drawn without replacement, as far as there are anomalies. */
function draws(normals, others) {
  const some = (values, count) =>
    Float64Array.from(
      stream.permutation(values.length).subarray(0, count),
      (index) => values[index],
    );
  return Array.from({ length: smallBatches }, () => [
    some(normal, normals),
    some(anomalous, others),
  ]);
}
