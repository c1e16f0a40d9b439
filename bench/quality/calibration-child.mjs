// One set, seed and order of rows: p-values of fresh normal rows against what was promised.
import { calibrationCurve, defaultConfiguration, VAE } from '@unlikely/detect';
import { normalHalves, pick } from './protocol.mjs';
import { readSet } from './read-set.mjs';
import { singleThreadPlatform } from './single-thread-platform.mjs';

const { path, set, seed, order, rates, options } = JSON.parse(process.argv[2]);
const data = await readSet(path);
const { train, test } = normalHalves(data, order, seed);
const { score: defaultScore } = defaultConfiguration;
const vae = new VAE({ score: defaultScore, ...options, seed }, singleThreadPlatform);
await vae.fit(pick(data, train));
const { score } = await vae.reconstructionProbability(pick(data, test));
const { calibration } = vae;
const calibrationRows = calibration.scores.length;
const points = calibrationCurve(calibration.pValues(score), rates, { calibrationRows });
await vae.dispose();
const result = {
  set,
  seed,
  order,
  rows: data.rows,
  testRows: test.length,
  calibrationRows,
  points,
};
console.log(JSON.stringify(result));
