import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { UnlikelyError } from 'unlikely';
import { Detector, ImageDetector, VAE } from 'unlikely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OnnxModel } from '../packages/graph/src/onnx/message.ts';
import { smallModels } from './fuzz/small-models.ts';
import type { SmallModels } from './fuzz/small-models.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';
import { seal, withManifest, withManifestText } from './sealed-model.ts';
import type { AnyManifest } from './sealed-model.ts';

const folder = temporaryFolder();
let models: SmallModels;
beforeAll(async () => {
  models = await smallModels();
}, 120_000);

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** What a file of a model comes to: the error of loading it, or of scoring with it. */
async function errorOf(path: string, kind: 'table' | 'images'): Promise<UnlikelyError | undefined> {
  try {
    if (kind === 'table') {
      await using detector = await Detector.load(path);
      for await (const { score } of detector.score(models.rows)) void score;
    } else {
      await using detector = await ImageDetector.load(path);
      for await (const { score } of detector.score(models.images)) void score;
    }
  } catch (error) {
    return error as UnlikelyError;
  }
  return undefined;
}

type Change = (manifest: AnyManifest, message: OnnxModel) => void;

const doubles = (...values: number[]): string =>
  Buffer.from(Float64Array.from(values).buffer).toString('base64');
const floats = (...values: number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

/** Numbers of a named constant, all replaced by one. */
function fill({ graph }: OnnxModel, name: string, value: number): void {
  const tensor = graph!.initializer!.find((each) => each.name === name)!;
  const data = new Float32Array(tensor.rawData!.length / 4).fill(value);
  tensor.rawData = new Uint8Array(data.buffer);
}
function resize({ graph }: OnnxModel, name: string, size: number): void {
  const tensor = graph!.initializer!.find((each) => each.name === name)!;
  tensor.dims = [size];
  tensor.rawData = new Uint8Array(4 * size);
}

/** Changes that both kinds of manifest have in common. */
const common: Readonly<Record<string, Change>> = {
  'no health': (o) => delete o.health,
  'no history': (o) => delete o.history,
  'no rows': (o) => delete o.rows,
  'no configuration': (o) => delete o.configuration,
  'no fingerprint': (o) => delete o.fingerprint,
  'a fingerprint of another form': (o) => (o.fingerprint = 'x'),
  'another kind': (o) => (o.kind = 'sound'),
  'no kind': (o) => delete o.kind,
  'an unknown entry': (o) => (o.extra = 1),
  'an entry `constructor`': (o) => (o.constructor = 1),
  'an unknown entry of the configuration': (o) => (o.configuration.extra = 1),
  'a version that is no text': (o) => (o.version = 7),
  'a negative format version': (o) => (o.formatVersion = -1),
  'half a format version': (o) => (o.formatVersion = 0.5),
  'format version 0': (o) => (o.formatVersion = 0),
  'samples −1': (o) => (o.configuration.samples = -1),
  'half a sample': (o) => (o.configuration.samples = 0.5),
  'samples as text': (o) => (o.configuration.samples = '4'),
  'no samples': (o) => (o.configuration.samples = null),
  '65,536 samples': (o) => (o.configuration.samples = 65_536),
  '1,025 samples': (o) => (o.configuration.samples = 1025),
  'latent size 0': (o) => (o.configuration.latentSize = 0),
  'another latent size': (o) => (o.configuration.latentSize += 1),
  'latent size 10⁹': (o) => (o.configuration.latentSize = 1e9),
  'an unknown score': (o) => (o.configuration.score = 'best'),
  'another model': (o) => (o.configuration.model = 'transformer'),
  'negative rows': (o) => (o.rows.read = -5),
  'more calibration rows than scores': (o) => (o.rows.calibration += 1),
  'rows of 10³⁰⁸': (o) => (o.rows.calibration = 1e308),
  'a history of unequal lists': (o) => o.history.loss.push(1),
  'a history of texts': (o) => (o.history.loss = ['a']),
  'too few units in the history': (o) => o.history.klPerUnit.pop(),
  'health of another form': (o) => (o.health.verdict = 'excellent'),
  'findings that are no list': (o) => (o.health.findings = 'none'),
  'attributes of another size': (o) =>
    (o.attributes = { a: { vector: [1], rows: { with: 1, without: 1 }, separation: null } }),
  'an attribute that is none, named constructor': (o) => (o.attributes = { constructor: 1 }),
  'attributes that are a list': (o) => (o.attributes = []),
  'weights NaN': (_, message) => fill(message, 'theta', NaN),
  'weights infinite': (_, message) => fill(message, 'theta', -Infinity),
  'weights of 3·10³⁸': (_, message) => fill(message, 'theta', 3e38),
  'no weights': (_, message) => resize(message, 'theta', 0),
  'one weight': (_, message) => resize(message, 'theta', 1),
  'weights that stand twice': (_, { graph }) =>
    graph!.initializer!.push(graph!.initializer!.find(({ name }) => name === 'theta')!),
  'weights in another file': (_, { graph }) => (graph!.initializer![0]!.dataLocation = 1),
  'a foreign operator': (_, { graph }) => (graph!.node![0]!.opType = 'Loop'),
  'an operator of a foreign domain': (_, { graph }) => (graph!.node![0]!.domain = 'evil'),
};

const ofTables: Readonly<Record<string, Change>> = {
  ...common,
  'a label that is null': (o) => (o.label = null),
  'a label of numbers': (o) => (o.label = { column: 1, normal: 5 }),
  'calibration NaN': (o) => (o.calibration.full = doubles(...Array(o.rows.calibration).fill(NaN))),
  'calibration infinite': (o) =>
    (o.calibration.full = doubles(...Array(o.rows.calibration).fill(Infinity))),
  'calibration of 10⁶ doubles': (o) => (o.calibration.full = doubles(...new Float64Array(100_000))),
  'calibration that falls': (o) =>
    (o.calibration.full = doubles(...Array.from({ length: o.rows.calibration }, (_, row) => -row))),
  'calibration that is no base64': (o) =>
    (o.calibration.fast = o.calibration.fast.replace(/^./, '!')),
  'categories of numbers': (o) => (categories(o).categories = [1, 2, 3]),
  'categories that are no list': (o) => (categories(o).categories = { length: '1' }),
  'categories that stand twice': (o) => categories(o).categories.fill('a'),
  'a category more': (o) => categories(o).categories.push('new'),
  '10⁵ categories': (o) =>
    (categories(o).categories = Array.from({ length: 100_000 }, (_, at) => `${at}`)),
  'shares above 1': (o) => (categories(o).frequencies[0] = 2),
  'SQL in the part of a time': (o) => (cyclic(o).part = "x'; --"),
  'another period': (o) => (cyclic(o).period = 12),
  'a field of an unknown kind': (o) => (o.schema.fields[0].kind = 'text'),
  'a field of another kind': (o) => (o.schema.fields[0].kind = 'cyclic'),
  'a field of no column': (o) => (o.schema.fields[0].column = 'elsewhere'),
  'no fields': (o) => (o.schema.fields = []),
  'columns of one name': (o) => o.schema.columns.push(o.schema.columns[0]),
  'deviations of 0': (o) => o.features.forEach((each: AnyManifest) => (each.deviation = 0)),
  'deviations below 0': (o) => (o.features[0].deviation = -1),
  'a mean of null': (o) => (o.features[0].mean = null),
  'a feature of no field': (o) => (o.features[0].field = 99),
  'features in another order': (o) => o.features.reverse(),
  'a feature less': (o) => o.features.pop(),
  'a posterior of another form': (o) => (o.posterior = { count: 1e9 }),
  'a posterior of NaN': (o) => (o.posterior = { mean: floats(NaN, 1), logVariance: floats(0, 0) }),
  'a posterior of half a code': (o) => (o.posterior.mean = floats(1)),
  '10⁶ members': (o) => (o.configuration.members = 1e6),
  'another number of members': (o) => (o.configuration.members = 1),
  'layers of 10⁹ units': (o) => (o.configuration.encoderSizes = [1e9]),
  '10⁴ layers': (o) => (o.configuration.encoderSizes = Array(10_000).fill(1)),
  'no learning rate': (o) => delete o.configuration.learningRate,
  'contamination of another form': (o) => (o.contamination = { share: 2 }),
  'stored rows NaN': (_, message) => fill(message, 'stored_rows', NaN),
  'no stored rows': (_, message) => resize(message, 'stored_rows', 0),
  'ranges of 0': (_, message) => fill(message, 'evidence_range', 0),
  'codes of one offset': (_, message) => resize(message, 'code_offsets', 1),
  'codes infinite': (_, message) => fill(message, 'code_weights', Infinity),
};

const ofImages: Readonly<Record<string, Change>> = {
  ...common,
  'an image of 10⁶ pixels across': (o) => (o.schema.width = 1_000_000),
  'an image of 30 pixels across': (o) => (o.schema.width = 30),
  'images of other channels': (o) => (o.schema.channels = 3),
  'two channels': (o) => (o.schema.channels = 2),
  'a deviation of 0': (o) => (o.scales.pixelDeviation = 0),
  'maps of another number': (o) => (o.scales.mapMeans = [1]),
  'no terms': (o) => (o.combination.terms = []),
  '10⁴ terms': (o) => (o.combination.terms = Array(10_000).fill(o.combination.terms[0])),
  'a term of an unknown statistic': (o) => (o.combination.terms[0].statistic = 'x'),
  'a scale of 0': (o) => (o.combination.terms[0].scale = 0),
  'calibration NaN': (o) => (o.calibration.full = doubles(...Array(o.rows.calibration).fill(NaN))),
  'calibration of objects': (o) => (o.calibration = { full: {} }),
  'a calibration of a form that images do not have': (o) =>
    (o.calibration.fast = o.calibration.full),
  'a choice of another form': (o) => (o.choice.power = [{ name: 'x' }]),
  'normal labels of numbers': (o) => (o.label = { normal: [1] }),
  '1,000 channels': (o) => (o.configuration.channels = 1000),
  'codes of another form': (o) => (o.codes = { count: 1e9 }),
  'codes NaN': (o) => {
    const size = 2 * o.configuration.latentSize;
    o.codes = { count: 1, weights: floats(...Array(size).fill(NaN)), offsets: floats(0) };
  },
  'no stored images': (_, { graph }) => {
    graph!.initializer = graph!.initializer!.filter(({ name }) => name !== 'stored_images');
  },
};

const categories = (o: AnyManifest): AnyManifest =>
  o.schema.fields.find(({ kind }: AnyManifest) => kind === 'categorical' || kind === 'binary');
const cyclic = (o: AnyManifest): AnyManifest =>
  o.schema.fields.find(({ kind }: AnyManifest) => kind === 'cyclic');

describe('a sealed model with a changed manifest', () => {
  it.each(Object.keys(ofTables))('of a table is refused: %s', async (name) => {
    const path = written('changed.onnx', withManifest(models.table, ofTables[name]!));
    expect(await errorOf(path, 'table')).toMatchObject({ code: 'model/corrupt' });
  });

  it.each(Object.keys(ofImages))('of images is refused: %s', async (name) => {
    const path = written('changed.onnx', withManifest(models.ofImages, ofImages[name]!));
    expect(await errorOf(path, 'images')).toMatchObject({ code: 'model/corrupt' });
  });

  it.each<[string, (text: string) => string]>([
    ['a key that stands twice', (text) => text.replace('{', '{"version":"0",')],
    ['a key __proto__', (text) => text.replace('{', '{"__proto__":{"rows":1},')],
    ['a number beyond a double', (text) => text.replace(/"read":\d+/, '"read":1e999')],
    [
      'nested lists',
      (text) => text.replace(/"read":\d+/, `"read":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    ],
    [
      'nested objects',
      (text) =>
        text.replace(/"read":\d+/, `"read":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`),
    ],
    [
      'a million objects',
      (text) => text.replace(/"read":\d+/, `"read":[${'{},'.repeat(1_000_000)}{}]`),
    ],
    ['no end', (text) => text.slice(0, -1)],
    ['nothing', () => ''],
    ['a list', () => '[]'],
  ])('is refused: %s', async (_, change) => {
    for (const kind of ['table', 'images'] as const) {
      const bytes = kind === 'table' ? models.table : models.ofImages;
      const error = await errorOf(written('changed.onnx', withManifestText(bytes, change)), kind);
      expect(error).toMatchObject({ code: 'model/corrupt' });
    }
  });

  it('says where, what was expected and what came, without control characters', async () => {
    const path = written(
      'changed.onnx',
      withManifest(
        models.table,
        (o) => (o.schema.fields[0].kind = `\u001b[2J\u009b${'x'.repeat(999)}`),
      ),
    );
    const { message } = (await errorOf(path, 'table'))!;
    expect(message).toContain('manifest.schema.fields.0.kind should be ');
    expect(message).toContain('\\u001b[2J\\u009b');
    expect(message.length).toBeLessThan(400);
    const named = withManifest(models.table, (o) => (o['\u001b]0;x\u0007'] = 1));
    expect((await errorOf(written('changed.onnx', named), 'table'))!.message).toContain(
      'manifest.\\u001b]0;x\\u0007 should be no entry of this name, got',
    );
  });

  it('of a later release says so, whatever else it holds', async () => {
    for (const kind of ['table', 'images'] as const) {
      const bytes = kind === 'table' ? models.table : models.ofImages;
      const later = withManifest(bytes, (o) =>
        Object.assign(o, { formatVersion: 3, more: [1], version: '9\u001b[2J' }),
      );
      const error = await errorOf(written('later.onnx', later), kind);
      expect(error).toMatchObject({ code: 'model/too-new' });
      expect(error!.message).toContain('9\\u001b[2J');
    }
  });

  it('ends every command with 5, and VAE.load alike', async () => {
    const model = written(
      'changed.onnx',
      withManifest(models.table, (o) => delete o.health),
    );
    for (const line of [
      ['inspect', model],
      ['inspect', '--json', model],
      ['score', model, models.rows],
    ]) {
      const { status, notes, output } = await runUnlikely(line, { folder });
      expect(status).toBe(5);
      expect(notes + output).toContain('manifest.health should be an entry of this name, got none');
    }
    await expect(VAE.load(model)).rejects.toMatchObject({ code: 'model/corrupt' });
    await expect(ImageDetector.load(model)).rejects.toMatchObject({ code: 'model/foreign' });
  });
});

const bomb = (size: number, unit: readonly number[]): Uint8Array =>
  Buffer.alloc(size, Buffer.from(unit));
const length = (size: number): number[] =>
  size < 128 ? [size] : [(size & 127) | 128, ...length(Math.floor(size / 128))];
/** A field with contents, as protobuf writes it. */
const field = (number: number, contents: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([...length(number * 8 + 2), ...length(contents.length)]), contents]);

/** The metadata of a real model around another graph, sealed. */
function aroundGraph(graph: Uint8Array): Uint8Array {
  const text = (value: string): Buffer => Buffer.from(value);
  const entry = (key: string, value: string): Buffer =>
    field(14, Buffer.concat([field(1, text(key)), field(2, text(value))]));
  let manifest = '';
  withManifestText(models.table, (found) => (manifest = found));
  const head = Buffer.from([0x08, 0x08, ...field(8, Buffer.from([0x0a, 0x00, 0x10, 0x11]))]);
  const properties = [
    entry('unlikely.manifest', manifest),
    entry('unlikely.checksum', '0'.repeat(64)),
  ];
  return seal(Buffer.concat([head, ...properties, field(7, graph)]));
}

/** Seconds and megabytes of a run, of its process alone. */
function costOf(parameters: readonly string[]): {
  status: number | null;
  seconds: number;
  megabytes: number;
} {
  const script = `
    process.argv = ['node', 'unlikely', ...${JSON.stringify(parameters)}];
    process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));
    await import(${JSON.stringify(join(import.meta.dirname, '../packages/unlikely/bin/unlikely.js'))});`;
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 60_000,
  });
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1] ?? NaN);
  return { status, seconds: (performance.now() - started) / 1000, megabytes: peak / 1024 };
}

describe('a file that is made to be expensive', () => {
  const bombs: Readonly<Record<string, () => Uint8Array>> = {
    'empty metadata': () => bomb(20e6, [0x72, 0]),
    'empty graphs': () => bomb(20e6, [0x3a, 0]),
    'empty nodes, sealed': () => aroundGraph(bomb(20e6, [0x0a, 0])),
    'empty inputs of one node, sealed': () => aroundGraph(field(1, bomb(20e6, [0x0a, 0]))),
    'packed dimensions, sealed': () => aroundGraph(field(5, field(1, bomb(20e6, [1])))),
    'packed integers, sealed': () => aroundGraph(field(1, field(5, field(8, bomb(20e6, [1]))))),
    'unknown fields, sealed': () => aroundGraph(bomb(20e6, [0x78, 0])),
    'groups in groups, sealed': () => aroundGraph(bomb(20e6, [0x7b])),
    'a manifest of lists in lists, sealed': () =>
      withManifestText(models.table, () => '['.repeat(20e6)),
    'a manifest of numbers, sealed': () =>
      withManifestText(models.table, () => `[${'0,'.repeat(10e6)}0]`),
    'a manifest of one text, sealed': () =>
      withManifestText(models.table, () => `"${'a'.repeat(20e6)}"`),
    zeros: () => new Uint8Array(20e6),
  };
  it.each(Object.keys(bombs))('is refused soon and in little memory: %s', (name) => {
    const path = written('bomb.onnx', bombs[name]!());
    const { status, seconds, megabytes } = costOf(['inspect', path]);
    expect(status).toBe(5);
    expect(megabytes).toBeLessThan(200 + 8 * 20);
    // The bound is 4 s on a machine that does nothing else.
    expect(seconds).toBeLessThan(20);
  });

  it('whose nodes share one large constant is refused or loads soon', () => {
    const integers = Buffer.concat([
      field(1, Buffer.from(length(1_000_000))),
      Buffer.from([0x10, 7]),
      field(8, Buffer.from('i')),
      field(9, new Uint8Array(8e6)),
    ]);
    const gather = field(
      1,
      Buffer.concat([field(1, Buffer.from('i')), field(4, Buffer.from('Gather'))]),
    );
    const path = written(
      'bomb.onnx',
      aroundGraph(Buffer.concat([field(5, integers), ...Array<Buffer>(200).fill(gather)])),
    );
    const { status, megabytes } = costOf(['inspect', path]);
    expect(status).toBe(5);
    expect(megabytes).toBeLessThan(200 + 8 * 8);
  });

  it('and sparse is refused without being read', () => {
    const path = join(folder, 'sparse.onnx');
    const file = openSync(path, 'w');
    writeSync(file, models.table.subarray(0, 1000));
    ftruncateSync(file, 1.9e9);
    closeSync(file);
    const { status, megabytes } = costOf(['inspect', path]);
    expect(status).toBe(5);
    expect(megabytes).toBeLessThan(250);
  });
});

describe.skipIf(process.platform === 'win32')('a MODEL that is no regular file', () => {
  it('is refused at once, by every way in', async () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    symlinkSync('/dev/zero', join(folder, 'zero.onnx'));
    symlinkSync(pipe, join(folder, 'pipe.onnx'));
    for (const path of [
      '/dev/zero',
      '/dev/null',
      pipe,
      folder,
      join(folder, 'zero.onnx'),
      join(folder, 'pipe.onnx'),
    ]) {
      for (const load of [Detector, VAE, ImageDetector]) {
        const error = await load.load(path).catch((thrown: unknown) => thrown as UnlikelyError);
        expect(error).toMatchObject({ code: 'model/unreadable' });
        expect((error as UnlikelyError).message).toContain('not a regular file');
      }
    }
    for (const line of [
      ['inspect', '/dev/zero'],
      ['score', pipe, models.rows],
      ['generate', pipe],
    ]) {
      const { status, notes } = await runUnlikely(line, { folder });
      expect(status).toBe(3);
      expect(notes).toContain('not a regular file');
    }
  }, 60_000);

  it('is an error as a checkpoint to go on from, not a start anew', async () => {
    const damaged = written('damaged', models.checkpoint.subarray(0, -9));
    const line = ['train', models.rows, '-o', 'm.onnx', '--resume', '--checkpoint'];
    const { status, notes } = await runUnlikely([...line, damaged], { folder });
    expect(status, notes).toBe(5);
    expect(notes).toContain('model/checkpoint');
    expect((await runUnlikely([...line, folder], { folder })).status).toBe(1);
  }, 60_000);
});
