import { readFile } from 'node:fs/promises';
import { tableFromRecords } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { Detector } from '@unlikely/detect';
import { initialise } from '../../src/modality/table/network/initialise.ts';
import { trainingObjective } from '../../src/modality/table/objective.ts';
import { categorical, count, numeric } from '../support/fields.ts';
import { platform } from '../support/platform.ts';
import { rowsOf } from '../support/rows.ts';
import { float32 } from '../support/run-graph.ts';
import { coreOf } from '../support/small-model.ts';
import type { Modality, ScoredItem } from './describe-modality.ts';

type Records = readonly Readonly<Record<string, unknown>>[];

const quick = {
  encoderSizes: [12],
  latentSize: 2,
  members: 2,
  batchSize: 32,
  storedRows: 40,
  codes: 30,
  calibrationShare: 0.2,
};

async function withTable<Result>(
  records: Records,
  use: (table: Table) => Promise<Result>,
): Promise<Result> {
  await using table = await tableFromRecords(records);
  return await use(table);
}

const cell = (records: Records, value: unknown): Records =>
  records.map((record, row) => (row === 0 ? { ...record, y: value } : record));

const every = async (batches: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of batches) continue;
};

/** Tables of mixed columns. */
export const tableModality: Modality<Detector, Records> = {
  kind: 'table',
  items(rows, seed) {
    const stream = new RandomStream(seed, 'table');
    return Array.from({ length: rows }, () => {
      const x = stream.normal();
      return {
        x,
        y: x + 0.1 * stream.normal(),
        visits: stream.integer(9),
        plan: x > 0.5 ? 'pro' : x > -0.5 ? 'basic' : 'free',
      };
    });
  },
  pick: (records, rows) => rows.map((row) => records[row]!),
  train: (records, steps, run) =>
    withTable(records, (table) => Detector.train(table, { ...quick, steps, ...run }, platform)),
  open: (bytes, on) => Detector.fromBytes(bytes, on),
  async *score(detector, records, reading) {
    await using table = await tableFromRecords(records);
    for await (const batch of detector.score(table, { ...reading, details: true })) {
      const { contributions, latent, usual } = batch.details!;
      const width = contributions.length / batch.rows;
      yield Array.from(batch.score, (score, row): ScoredItem => ({
        score,
        standardError: batch.standardError[row]!,
        pValue: batch.pValue[row]!,
        contributions: [...contributions.subarray(row * width, (row + 1) * width)],
        rest: latent[row]! + usual[row]!,
      }));
    }
  },
  calls: {
    explain: (detector, records) => withTable(records, (table) => detector.explain(table, [0])),
    reconstruct: (detector, records) =>
      withTable(records, (table) => every(detector.reconstruct(table))),
    denoise: (detector, records) => withTable(records, (table) => every(detector.denoise(table))),
    encode: (detector, records) =>
      withTable(records, (table) => every(detector.latent.encode(table))),
    decode: ({ latent }) => latent.decode({ data: new Float32Array(2), rows: 1, columns: 2 }),
    generate: ({ latent }) => every(latent.generate(3)),
    traverse: ({ latent }) => latent.traverse(),
    interpolate: ({ latent }, records) =>
      withTable(records, (table) => latent.interpolate(table, [0, 1])),
    transfer: ({ latent }, records) =>
      withTable(records, (table) => every(latent.transfer(table, [1, 0]))),
  },
  notFinite: {
    NaN: { spoil: (records) => cell(records, NaN) },
    'an infinite number': { spoil: (records) => cell(records, Infinity) },
    'a missing value': { spoil: (records) => cell(records, null) },
  },
  foreign: () =>
    readFile(new URL('../../../../test/fixtures/models/images-1.onnx', import.meta.url)),
  objectives: Object.fromEntries(
    (['variational', 'autoencoder'] as const).map((model) => [
      model,
      () => {
        const fields = [numeric('n'), numeric('m'), count('c'), categorical('k', ['x', 'y', 'z'])];
        const rows = Array.from({ length: 60 }, (_, row) => [
          Math.sin(row),
          Math.cos(row) + 3,
          row % 7,
          row % 3,
        ]);
        const options = { model, encoderSizes: [5], members: 1, deviationFloor: 0.3 };
        const core = coreOf(fields, rowsOf(rows), options);
        const batchRows = 6;
        const standardised = rows.slice(0, batchRows).flatMap((row) =>
          core.features.map(({ field, category, mean, deviation }) => {
            const raw = category === undefined ? row[field]! : Number(row[field] === category);
            return (raw - mean) / deviation;
          }),
        );
        const dimensions = [batchRows, core.features.length];
        return {
          objective: trainingObjective(core, { batchRows, missing: false }),
          theta: initialise(core.shape, 5),
          batch: { features: float32(standardised, ...dimensions) },
        };
      },
    ]),
  ),
  without: { unfitted: 'a detector is made by its training; VAE and Autoencoder sit this case' },
};
