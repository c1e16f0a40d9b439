// One set, seed and mixture: the estimated share of anomalies among the training rows against the true
// one. Labels make the mixture and grade the estimate; the model sees neither.
import {
  areaUnderRoc,
  contaminatedConfiguration,
  Detector,
  estimateContamination,
  VAE,
} from '@unlikely/detect';
import { openTable, tableFromRecords } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { pick, split } from './protocol.mjs';
import { readSet } from './read-set.mjs';
import { singleThreadPlatform } from './single-thread-platform.mjs';

const rates = [0.01, 0.05, 0.1];

const {
  path,
  set,
  seed,
  share,
  labelColumn,
  normal,
  ignore,
  rows: size,
} = JSON.parse(process.argv[2]);
const result = share === undefined ? await onSet() : await onMixture();
console.log(JSON.stringify({ set, seed, mixture: share ?? 'as it is', ...result }));

/** A set of numbers as it is, by the unsupervised protocol. */
async function onSet() {
  const data = await readSet(path);
  const chosen = split(data, 'unsupervised', seed).train;
  const labels = Uint8Array.from(chosen, (row) => data.labels[row]);
  const vae = new VAE({ ...contaminatedConfiguration, seed }, singleThreadPlatform);
  await vae.fit(pick(data, chosen));
  const { score } = await vae.reconstructionProbability(pick(data, chosen));
  await vae.dispose();
  return graded(score, labels, estimateContamination(score, seed));
}

/**
 * Normal rows of a table, at most `size`, with as many anomalies as make up the share. Fresh normal rows, and those of the
 * anomalies that stayed out, tell what the p-values are worth.
 */
async function onMixture() {
  const source = await openTable(path);
  const records = await source.records(
    Array.from({ length: await source.rowCount() }, (_, row) => row),
  );
  await source[Symbol.asyncDispose]();
  const labels = Uint8Array.from(records, (record) =>
    Number(String(record[labelColumn]) !== normal),
  );
  const order = new RandomStream(seed, 'contamination').permutation(records.length);
  const normals = order.filter((row) => labels[row] === 0);
  const anomalies = order.filter((row) => labels[row] === 1);
  const wanted = Math.round((share / (1 - share)) * size);
  const both = Int32Array.from([...normals.slice(0, size), ...anomalies.slice(0, wanted)]);
  const rows = new RandomStream(seed, 'mixture').permutation(both.length).map((at) => both[at]);

  const table = await tableOf(rows);
  const training = { contaminated: true, seed, ignore: [labelColumn, ...ignore] };
  const detector = await Detector.train(table, training, singleThreadPlatform);
  const { score } = await scored(table);
  const fresh = await scored(await tableOf(normals.slice(size, 2 * size)));
  const outside = await scored(await tableOf(anomalies.slice(-size)));
  const { contamination } = detector.manifest;
  await detector.dispose();
  const shareBelow = (pValues, rate) => pValues.filter((p) => p <= rate).length / pValues.length;
  const flagged = rates.map((rate) => ({
    rate,
    normal: shareBelow(fresh.pValue, rate),
    anomalies: shareBelow(outside.pValue, rate),
  }));
  const chosen = Uint8Array.from(rows, (row) => labels[row]);
  return { ...graded(score, chosen, contamination), flagged };

  async function tableOf(places) {
    return tableFromRecords(Array.from(places, (row) => records[row]));
  }

  async function scored(of) {
    const count = await of.rowCount();
    const result = { score: new Float64Array(count), pValue: new Float64Array(count) };
    for await (const batch of detector.score(of)) {
      result.score.set(batch.score, batch.firstRow);
      result.pValue.set(batch.pValue, batch.firstRow);
    }
    return result;
  }
}

function graded(score, labels, { share: estimate, lower, upper }) {
  const anomalies = labels.reduce((sum, label) => sum + label, 0);
  const suspects = Array.from(score.keys()).sort((a, b) => score[b] - score[a]);
  const named = suspects.slice(0, 20).filter((row) => labels[row] === 1).length;
  const truth = anomalies / labels.length;
  const auroc = anomalies === 0 ? null : areaUnderRoc(score, labels);
  return { rows: labels.length, truth, estimate, lower, upper, auroc, named };
}
