import { constant, input, makeGraph, multiply, readModel, writeModel } from '@unlikely/graph';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSealedModel } from '../src/bytes/checksum.ts';
import { decodeDoubles, encodeDoubles } from '../src/bytes/base64.ts';
import { readModelFile, writeModelFile } from '../src/artifact/model-file.ts';
import { kindOf } from '../src/artifact/kind-of.ts';
import { tableFormat } from '../src/modality/table/artifact/format.ts';
import { imageFormat } from '../src/modality/image/artifact/format.ts';
import type { ModelFile } from '../src/modality/table/model.ts';
import { completeConfiguration } from '../src/modality/table/check-configuration.ts';
import { matrixSchema } from '../src/modality/table/column/matrix-schema.ts';
import { scoreKinds } from '../src/modality/table/score-kind.ts';
import { ModelScorer } from '../src/modality/table/scorer.ts';
import { scoringProgram } from '../src/modality/table/score/scoring-program.ts';
import { fitModel } from '../src/modality/table/fit.ts';
import { expectError } from './support/expect-error.ts';
import { platform } from './support/platform.ts';
import { correlatedRows, encodedOf, sliceRows } from './support/rows.ts';
import { float64, runProgram } from './support/run-graph.ts';
import { small } from './support/small-model.ts';

const x = correlatedRows(240, 4, 3);
x.data[5] = NaN;
const fit = (more: object = {}): Promise<ModelFile> =>
  fitModel({
    schema: matrixSchema(x),
    rows: encodedOf(x),
    rowsRead: x.rows,
    platform,
    options: {
      configuration: completeConfiguration({
        ...small,
        steps: 30,
        score: 'aggregate-elbo',
        ...more,
      }),
    },
  });

let model: ModelFile;
let bytes: Uint8Array;
beforeAll(async () => {
  model = await fit();
  bytes = await writeModelFile(tableFormat, model);
});

async function scoresOf(file: ModelFile): Promise<Float64Array> {
  await using scorer = new ModelScorer(file, platform);
  const rows = encodedOf(x);
  return (await (await scorer.scorer('scores')).run({ rows: rows.data }, rows.rows)).score;
}

/** A sealed file with another manifest. */
function withManifest(text: string, key = 'unlikely.manifest'): Promise<Uint8Array> {
  const { graph } = readModel(bytes);
  return writeSealedModel(graph, { [key]: text });
}

describe('a model file', () => {
  it.each(scoreKinds)('gives back all of a model with score %s', async (score) => {
    const own = await fit({ score, samples: 2 });
    const read = await readModelFile(tableFormat, await writeModelFile(tableFormat, own));
    expect(read.manifest).toEqual(own.manifest);
    expect(read.networks).toEqual(own.networks);
    expect(read.neutral).toEqual(own.neutral);
    expect(await writeModelFile(tableFormat, read)).toEqual(await writeModelFile(tableFormat, own));
    expect(await scoresOf(read)).toEqual(await scoresOf(own));
  });

  it('scores in any ONNX Runtime as the library does, on blocks of the same size', async () => {
    const rows = sliceRows(x, 0, 48);
    const feeds = { rows: float64(rows.data, rows.rows, 4) };
    const file = await runProgram(bytes, feeds);
    const program = await runProgram(
      writeModel(scoringProgram({ ...model.networks, neutral: model.neutral })),
      feeds,
    );
    expect(file).toEqual(program);
    const library = await scoresOf(model);
    file['score']!.forEach((value, row) => expect(value).toBeCloseTo(library[row]!, 4));
    expect(file['score']!.every(Number.isFinite)).toBe(true);
  });

  it('is refused wherever it is cut short', async () => {
    const cuts = [
      0,
      1,
      2,
      7,
      64,
      ...Array.from({ length: 60 }, (_, index) => Math.floor((bytes.length * (index + 1)) / 61)),
    ];
    for (const cut of [...cuts, bytes.length - 200, bytes.length - 3, bytes.length - 1]) {
      const error = await readModelFile(tableFormat, bytes.subarray(0, cut)).catch(
        (thrown: { code: string }) => thrown,
      );
      expect(['model/corrupt', 'model/foreign'], `cut at ${cut}`).toContain(
        (error as { code?: string }).code,
      );
    }
  });

  it('is refused with any bit turned', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Half of the places lie in the last bytes, where the checksum is.
        fc.oneof(
          fc.integer({ min: 0, max: bytes.length - 1 }),
          fc.integer({ min: bytes.length - 120, max: bytes.length - 1 }),
        ),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const flipped = bytes.slice();
          flipped[at]! ^= 1 << bit;
          const error = await readModelFile(tableFormat, flipped).catch(
            (thrown: { code: string }) => thrown,
          );
          expect(['model/corrupt', 'model/foreign']).toContain((error as { code?: string }).code);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('is refused with bytes behind its end, or with the seal of another', async () => {
    await expectError(
      () => readModelFile(tableFormat, Uint8Array.from([...bytes, 0])),
      'model/corrupt',
    );
    // A whole property behind the seal would be outside of the checksum.
    const metadata = writeModel(readModel(bytes).graph, { extra: 'x' }).subarray(-12);
    await expectError(
      () => readModelFile(tableFormat, Uint8Array.from([...bytes, ...metadata])),
      'model/corrupt',
    );
    const noise = Uint8Array.from({ length: 500 }, (_, index) => (index * 37) % 256);
    await expectError(() => readModelFile(tableFormat, noise), 'model/corrupt');
  });

  it('of a newer layout is told apart', async () => {
    const newer = await withManifest(
      JSON.stringify({ ...model.manifest, formatVersion: 99, version: '9.9.9' }),
    );
    const error = await expectError(() => readModelFile(tableFormat, newer), 'model/too-new');
    expect(error.message).toContain('99');
    expect(error.message).toContain('9.9.9');
  });

  it('of another program is foreign', async () => {
    const a = input('a', ['n']);
    const other = writeModel(makeGraph('other', [a], { b: multiply(a, 2) }));
    await expectError(() => readModelFile(tableFormat, other), 'model/foreign');
    const sealed = await writeSealedModel(makeGraph('other', [], { c: constant(1) }), {
      some: 'thing',
    });
    await expectError(() => readModelFile(tableFormat, sealed), 'model/foreign');
  });

  it.each([
    '',
    'null',
    '7',
    '[]',
    '{}',
    '{"formatVersion":"1"}',
    '{"formatVersion":1}',
    '{"formatVersion":1,"schema":{"fields":[]}}',
    '{"formatVersion":1.5}',
    '{"formatVersion":2}',
    '{"kind":"sound","formatVersion":2}',
  ])('with the manifest %j is corrupt, whatever is expected', async (text) => {
    const file = await withManifest(text);
    await expectError(() => readModelFile(tableFormat, file), 'model/corrupt');
    const former = await withManifest(text, 'unlikely.image-manifest');
    await expectError(() => readModelFile(imageFormat, former), 'model/corrupt');
  });

  it('of another kind is foreign, which says so', async () => {
    const error = await expectError(() => readModelFile(imageFormat, bytes), 'model/foreign');
    expect(error.message).toBe('expected a model of images, got one of tables');
  });

  it('tells its kind, and so do files that are damaged further in', () => {
    expect(kindOf(bytes)).toBe('table');
    const damaged = bytes.slice();
    damaged[damaged.length >> 1]! ^= 1;
    expect(kindOf(damaged)).toBe('table');
    expect(kindOf(bytes.subarray(0, 1000))).toBeUndefined();
    expect(kindOf(new Uint8Array(9))).toBeUndefined();
  });

  it('whose sizes do not fit its configuration is corrupt', async () => {
    const configuration = { ...model.manifest.configuration, encoderSizes: [13] };
    const file = await withManifest(JSON.stringify({ ...model.manifest, configuration }));
    const error = await expectError(() => readModelFile(tableFormat, file), 'model/corrupt');
    expect(error.message).toContain('theta');
  });

  it('lists versions, rows and a fingerprint', () => {
    const { manifest } = model;
    expect(manifest.formatVersion).toBe(2);
    expect(manifest.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.rows.trained + manifest.rows.calibration).toBe(x.rows);
    expect(manifest.schema.fields.map(({ name }) => name)).toEqual(['f0', 'f1', 'f2', 'f3']);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });
});

describe('doubles as text', () => {
  it('come back with all their bits', () => {
    fc.assert(
      fc.property(fc.float64Array(), (values) => {
        expect(decodeDoubles(encodeDoubles(values))).toEqual(values);
      }),
      { seed: 1 },
    );
  });
});
