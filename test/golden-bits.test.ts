import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromRecords } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { Autoencoder, Detector, ImageDetector, nodePlatform, VAE } from 'unlikely';
import type { ImageTrainOptions, Matrix, TrainOptions } from 'unlikely';
import { afterAll, describe, expect, it } from 'vitest';
import { drawWaves } from './drawn-images.ts';
import { root } from './repository.ts';
import { temporaryFolder } from './run-unlikely.ts';

// Every number that users see of small trainings, as SHA-256 of its bits. A change of structure must
// not change one. Where a change of behaviour is meant: delete `golden-bits.json`, run this file twice, and
// say in the commit which numbers changed and why. WebAssembly has the same bits on every machine.
const path = `${root}/test/golden-bits.json`;
const known: Record<string, string> | undefined = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : undefined;
const found: Record<string, string> = {};
afterAll(() => {
  if (known === undefined) writeFileSync(path, `${JSON.stringify(found, undefined, 2)}\n`);
});

type Bits = Float32Array | Float64Array | Int32Array | readonly number[] | number | string | object;

const bytesOf = (value: Bits): string | Uint8Array => {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  }
  if (typeof value === 'number' || Array.isArray(value)) {
    return new Uint8Array(Float64Array.from([value].flat() as number[]).buffer);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
};

function hold(name: string, values: Readonly<Record<string, Bits>>): void {
  for (const [what, value] of Object.entries(values)) {
    const key = `${name}: ${what}`;
    found[key] = createHash('sha256').update(bytesOf(value)).digest('hex').slice(0, 16);
    if (known !== undefined) expect([key, found[key]]).toEqual([key, known[key]]);
  }
}

const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};
const platform = nodePlatform({ prefer: 'wasm', threads: 1 });

/** Columns that belong together: y and its like follow x; one row in 40 breaks that. */
function records(rows: number, seed: number, mixed: boolean): Record<string, unknown>[] {
  const stream = new RandomStream(seed, 'golden');
  return Array.from({ length: rows }, (_, row) => {
    const x = stream.normal();
    const odd = row % 40 === 39;
    const y = (odd ? -2 : 1) * x + 0.1 * stream.normal();
    const numbers = { x, y, z: Math.hypot(x, y) + 0.2 * stream.normal() };
    if (!mixed) return numbers;
    return {
      ...numbers,
      z: row % 9 === 0 ? null : numbers.z,
      visits: Math.floor(3 + 2 * Math.abs(x)),
      plan: x > 0.5 ? 'pro' : x > -0.5 ? 'basic' : 'free',
      member: x > 0 ? 'yes' : 'no',
      at: new Date(1.7e12 + 3_600_000 * (row % 50)).toISOString(),
      kind: odd ? 'attack' : 'normal',
    };
  });
}

const matrixOf = (rows: readonly Record<string, unknown>[]): Matrix => ({
  data: Float32Array.from(rows.flatMap((row) => Object.values(row) as number[])),
  rows: rows.length,
  columns: 3,
});

const quick: TrainOptions = { steps: 120, batchSize: 32, storedRows: 60, codes: 40, seed: 3 };

async function holdTable(name: string, table: Table, options: TrainOptions): Promise<void> {
  await using detector = await Detector.train(table, { ...quick, ...options }, platform);
  const { manifest } = detector;
  const [scored] = await all(detector.score(table, { details: true }));
  const [fast] = await all(detector.score(table, { fast: true }));
  const explanations = await detector.explain(table, [39, 3]);
  const [made] = await all(detector.generate(20, { seed: 5 }));
  const [rebuilt] = await all(detector.reconstruct(table));
  const [cleaned] = await all(detector.denoise(table));
  const [codes] = await all(detector.encode(table));
  const path = await detector.interpolate(table, [0, 39], { steps: 4 });
  hold(name, {
    history: manifest.history,
    'health and power': manifest.health,
    contamination: manifest.contamination ?? 'none',
    score: scored!.score,
    'standard error': scored!.standardError,
    'p-value': scored!.pValue,
    details: Object.entries(scored!.details!).map(([key, value]) => [
      key,
      createHash('sha256').update(bytesOf(value)).digest('hex'),
    ]),
    'fast score': fast!.score,
    explanations,
    threshold: detector.threshold(0.05),
    discovery: detector.discoveryThreshold(scored!.score, 0.2),
    generated: made!.data,
    reconstructed: rebuilt!.data,
    denoised: cleaned!.data,
    codes: codes!.codes.data,
    path: path.data,
    records: detector.recordsOf(path),
  });
  if (options.label !== undefined) {
    const evaluation = await detector.evaluate(table, { label: options.label });
    hold(name, { evaluation });
  }
}

describe('bits of tables', () => {
  it('numbers', async () => {
    await using table = await tableFromRecords(records(400, 1, false));
    await holdTable('numeric', table, {});
  });
  it('mixed columns with missing values and a label', async () => {
    await using table = await tableFromRecords(records(600, 2, true));
    await holdTable('mixed', table, { label: 'kind', testShare: 0.2 });
  });
  it('mixed columns by their own likelihoods', async () => {
    await using table = await tableFromRecords(records(400, 4, true));
    const likelihoods = {
      numeric: 'gaussian',
      count: 'negative-binomial',
      binary: 'bernoulli',
      categorical: 'categorical',
    } as const;
    await holdTable('likelihoods', table, { likelihoods, ignore: ['kind'], score: 'elbo' });
  });
  it('contaminated', async () => {
    await using table = await tableFromRecords(records(400, 3, true));
    await holdTable('contaminated', table, { contaminated: true, ignore: ['kind'] });
  });
  it('the plain autoencoder', async () => {
    await using table = await tableFromRecords(records(400, 1, false));
    await holdTable('autoencoder', table, { model: 'autoencoder' });
  });
});

describe('bits of matrices', () => {
  it.each([
    ['VAE', VAE],
    ['Autoencoder', Autoencoder],
  ] as const)('%s', async (name, Model) => {
    const rows = matrixOf(records(200, 6, false));
    await using model = new Model({ steps: 80, batchSize: 32, members: 2, seed: 2 }, platform);
    const history = await model.fit(rows);
    const { score, standardError } = await model.reconstructionProbability(rows);
    hold(`class ${name}`, {
      history,
      score,
      standardError,
      outliers: (await model.isOutlier(rows, { alpha: 0.1 })).map(Number),
      explained: (await model.explain(matrixOf(records(3, 7, false)))) as object,
      codes: (await model.encode(rows)).data,
    });
  });
});

describe('bits of images', () => {
  const folder = temporaryFolder();
  it.each([
    ['grey', 1, {}],
    ['colour', 3, {}],
    ['image autoencoder', 1, { model: 'autoencoder' }],
  ] as const)('%s', async (name, channels, options) => {
    const own = join(folder, name);
    mkdirSync(join(own, 'good'), { recursive: true });
    mkdirSync(join(own, 'bad'), { recursive: true });
    const stream = new RandomStream(9, name);
    for (let index = 0; index < 70; index++) {
      await drawWaves(join(own, 'good', `${index}.png`), { channels, size: 16 }, stream);
    }
    for (let index = 0; index < 4; index++) {
      await drawWaves(join(own, 'bad', `${index}.png`), { channels, size: 16, odd: true }, stream);
    }
    const quickImages: ImageTrainOptions = {
      normal: ['good'],
      channels: 4,
      hiddenSize: 16,
      latentSize: 3,
      steps: 30,
      batchSize: 16,
      codes: 30,
      storedImages: 30,
      testShare: 0.2,
      ...options,
    };
    await using detector = await ImageDetector.train(own, quickImages, platform);
    const { manifest } = detector;
    const [scored] = await all(detector.score(own, { details: true }));
    const [made] = await all(detector.generate(5, { seed: 5, from: 'prior' as const }));
    const [rebuilt] = await all(detector.reconstruct(own));
    const [cleaned] = await all(detector.denoise(own));
    const [codes] = await all(detector.encode(own));
    const path = await detector.interpolate(own, [0, 60], { steps: 3 });
    hold(name, {
      history: manifest.history,
      health: manifest.health,
      score: scored!.score,
      'standard error': scored!.standardError,
      'p-value': scored!.pValue,
      details: Object.entries(scored!.details!).map(([key, value]) => [
        key,
        createHash('sha256').update(bytesOf(value)).digest('hex'),
      ]),
      threshold: detector.threshold(0.2),
      generated: made!.data,
      reconstructed: rebuilt!.made,
      denoised: cleaned!.made,
      codes: codes!.codes.data,
      path: path.data,
      evaluation: await detector.evaluate(own, { falsePositiveRate: 0.2 }),
    });
  });
});
