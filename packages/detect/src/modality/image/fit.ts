import type { ImageSettings, PixelStore } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import { encodeDoubles } from '../../bytes/base64.ts';
import { bytesOf, sha256 } from '../../bytes/checksum.ts';
import { formatVersion } from '../../artifact/manifest.ts';
import type { Platform } from '../../platform.ts';
import { storeCodes } from '../../score/aggregate-posterior.ts';
import { historyOf } from '../../train/history-of.ts';
import { version } from '../../version.ts';
import { chooseScore, namedScores } from './power/choose-score.ts';
import type { ChosenScore } from './power/choose-score.ts';
import type { MeasuredRows } from './score/combination.ts';
import type { ImageConfiguration } from './configuration.ts';
import { knownRowsOf, saltOf } from '../../known/known-rows.ts';
import type { KnownRows } from '../../known/known-rows.ts';
import { rowHashes } from '../../known/row-hashes.ts';
import { imageCore } from './core.ts';
import type { ImageCore } from './core.ts';
import { imageHealthOf } from './health.ts';
import type { ImageManifest } from './manifest.ts';
import type { ImageModelFile } from './model.ts';
import { imageScoringProgram, measuringProgram } from './score/scoring-program.ts';
import type { MeasuringOutputs } from './score/scoring-program.ts';
import { measureScales } from './network/scales.ts';
import { imageBlockRows } from '../../score/block-rows.ts';
import { Blocks } from '../../score/blocks.ts';
import { pixelsOf } from './images.ts';
import type { Images } from './images.ts';
import { injectAnomalies, injectionKinds } from './power/inject-anomalies.ts';
import type { InjectionKind } from './power/inject-anomalies.ts';
import type { ImageNetworks } from './score/measure.ts';
import { storedCount, storeImages } from './score/stored-images.ts';
import { splitImages } from './train/split-images.ts';
import { statisticKinds } from './score/statistic.ts';
import type { StatisticKind } from './score/statistic.ts';
import { imagePlan } from './train/plan.ts';
import { runTraining } from '../../train/run-training.ts';
import type { RunOptions } from '../../train/run-training.ts';

export interface FitImagesInput extends RunOptions {
  readonly store: PixelStore;
  readonly settings: ImageSettings;
  /** Labels of the normal images. */
  readonly normal?: readonly string[];
  /** Normal images in the source, of which the store may hold a sample. */
  readonly read: number;
  readonly configuration: ImageConfiguration;
  readonly platform: Platform;
}

/** Images that pixels are standardised by. */
const scaleImages = 1000;
/** Images that get each kind of injected anomaly. */
const injectedImages = 300;

/** From the pixels of normal images to a calibrated model. */
export async function fitImageModel(input: FitImagesInput): Promise<ImageModelFile> {
  const { store, settings, configuration, platform, onEvent } = input;
  const { seed } = configuration;
  const split = splitImages(store.rows, configuration.calibrationShare, seed);
  const read = (rows: Int32Array): Images => readImages(store, settings, rows);
  const pick = (name: string, count: number): Int32Array =>
    new RandomStream(seed, name)
      .permutation(split.training.length)
      .slice(0, count)
      .map((place) => split.training[place]!);
  const sample = read(pick('scales', scaleImages));
  await using runtime = await platform.scoringRuntime();
  const scales = await measureScales(sample, settings, runtime);
  const core = imageCore(settings, scales, configuration);
  const fingerprint = await fingerprintOf(sample, split.training);

  onEvent?.({ kind: 'phase', phase: 'training' });
  const state = await runTraining({
    plan: imagePlan(core, store, split.training),
    identity: [fingerprint, configuration, settings],
    options: input,
    platform,
  });

  onEvent?.({ kind: 'phase', phase: 'codes' });
  const coded = pick('codes', configuration.codes);
  const keepsImages = configuration.storedImages > 0;
  const compared = pick('stored', storedCount(settings, configuration.storedImages));
  const uncoded: ImageNetworks = {
    core,
    theta: state.theta,
    storedCodes: undefined,
    storedImages: keepsImages ? storeImages(compared, settings, read) : undefined,
  };
  const known = await measureImages(uncoded, coded, input, runtime);
  const networks: ImageNetworks =
    core.shape.variational && keepsImages
      ? { ...uncoded, storedCodes: codesOf(core, known) }
      : uncoded;

  onEvent?.({ kind: 'phase', phase: 'choosing' });
  await using measurer = await Blocks.open(
    {
      program: measuringProgram(networks),
      outputs: [...statisticKinds, 'complexity'],
      blockRows: imageBlockRows(pixelsOf(settings)),
    },
    runtime,
  );
  const measured = async (images: Images): Promise<MeasuredRows> =>
    measuredOf(await measurer.run({ pixels: images.data }, images.rows), images.rows);
  const normal = joinedMeasures(
    await inBatches(input, split.reference, (images) => measured(images)),
  );
  const chosen = await choose(input, core, split.reference, normal, measured);

  onEvent?.({ kind: 'phase', phase: 'calibrating' });
  const scores = await calibrationScores(input, networks, chosen, split.calibration, runtime);

  onEvent?.({ kind: 'phase', phase: 'health' });
  const history = historyOf(
    {
      shape: { members: 1, latentSize: core.shape.latentSize, variational: core.shape.variational },
    },
    state,
    { mean: known.mean, logVariance: known.logVariance },
    coded.length,
  );
  const best = chosen.record.power.find(({ name }) => name === chosen.record.name);
  const health = imageHealthOf({
    variational: core.shape.variational,
    activeUnits: history.activeUnits,
    trainingErrors: known.errors,
    referenceErrors: normal.statistics.error,
    spread: scales.pixelDeviation ** 2 * pixelsOf(settings),
    power: best?.mean ?? null,
    calibrationScores: scores,
  });
  const manifest: ImageManifest = {
    kind: 'image',
    formatVersion,
    version,
    schema: settings,
    scales,
    configuration,
    ...(input.normal === undefined ? {} : { label: { normal: input.normal } }),
    rows: {
      read: input.read,
      unreadable: store.failures.length,
      trained: split.training.length,
      reference: split.reference.length,
      calibration: split.calibration.length,
    },
    history,
    health,
    combination: chosen.combination,
    choice: chosen.record,
    calibration: { full: encodeDoubles(scores.slice().sort()) },
    ...(keepsImages ? { knownRows: await knownImages(input, fingerprint) } : {}),
    fingerprint,
  };
  return { manifest, networks };
}

function readImages(store: PixelStore, settings: ImageSettings, rows: Int32Array): Images {
  const data = new Float32Array(rows.length * pixelsOf(settings));
  store.read(rows, data);
  return { data, rows: rows.length };
}

async function fingerprintOf(sample: Images, training: Int32Array): Promise<string> {
  const both = await Promise.all([sample.data, training].map((part) => sha256(bytesOf(part))));
  return sha256(new TextEncoder().encode(both.join(' ')));
}

async function knownImages(input: FitImagesInput, fingerprint: string): Promise<KnownRows> {
  const every = Int32Array.from({ length: input.store.rows }, (_, row) => row);
  const salt = saltOf(fingerprint);
  const hashes = await inBatches(input, every, ({ data, rows }) =>
    Promise.resolve(rowHashes(data, rows, salt)),
  );
  return knownRowsOf(hashes, salt);
}

interface KnownImages {
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
  readonly errors: Float64Array;
}

async function measureImages(
  networks: ImageNetworks,
  rows: Int32Array,
  input: FitImagesInput,
  runtime: Runtime,
): Promise<KnownImages> {
  await using scorer = await Blocks.open(
    {
      program: measuringProgram(networks),
      outputs: ['code', 'log_variance', 'error'],
      blockRows: imageBlockRows(pixelsOf(input.settings)),
    },
    runtime,
  );
  const parts = await inBatches(input, rows, (images) =>
    scorer.run({ pixels: images.data }, images.rows),
  );
  const all = (name: 'code' | 'log_variance' | 'error'): number[] =>
    parts.flatMap((part) => [...part[name]]);
  return {
    mean: Float32Array.from(all('code')),
    logVariance: Float32Array.from(all('log_variance')),
    errors: Float64Array.from(all('error')),
  };
}

function codesOf({ shape, configuration }: ImageCore, { mean, logVariance }: KnownImages) {
  const count = mean.length / shape.latentSize;
  return storeCodes(mean, logVariance, [1, count, shape.latentSize], configuration.codeVariance);
}

function measuredOf(
  found: Pick<MeasuringOutputs, StatisticKind | 'complexity'>,
  rows: number,
): MeasuredRows {
  const statistics = Object.fromEntries(
    statisticKinds.map((kind) => [kind, found[kind]]),
  ) as MeasuredRows['statistics'];
  return { rows, statistics, complexity: found.complexity };
}

function joinedMeasures(parts: readonly MeasuredRows[]): MeasuredRows {
  const joined = (of: (part: MeasuredRows) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  const statistics = Object.fromEntries(
    statisticKinds.map((kind) => [kind, joined((part) => part.statistics[kind])]),
  ) as MeasuredRows['statistics'];
  const complexity = joined((part) => part.complexity);
  return { rows: complexity.length, statistics, complexity };
}

async function choose(
  { configuration, settings, store }: FitImagesInput,
  { shape }: ImageCore,
  reference: Int32Array,
  normal: MeasuredRows,
  measured: (images: Images) => Promise<MeasuredRows>,
): Promise<ChosenScore> {
  const { score, seed } = configuration;
  if (score !== 'chosen') {
    const record = { score, name: score, power: [], reason: 'as asked' };
    return { combination: namedScores[score](normal), record };
  }
  const some = readImages(store, settings, reference.subarray(0, injectedImages));
  const injected: Partial<Record<InjectionKind, MeasuredRows>> = {};
  for (const kind of injectionKinds) {
    injected[kind] = await measured(injectAnomalies(some, settings, kind, seed));
  }
  return chooseScore(normal, injected as Record<InjectionKind, MeasuredRows>, {
    variational: shape.variational,
    storedImages: configuration.storedImages > 0,
  });
}

/** Numbers of the pixels that are in memory at a time, 32 MB: those of all images could be gigabytes. */
const batchNumbers = 8_000_000;

/** What is found of images, a batch after another. */
async function inBatches<Found>(
  { store, settings }: Pick<FitImagesInput, 'store' | 'settings'>,
  rows: Int32Array,
  find: (images: Images) => Promise<Found>,
): Promise<Found[]> {
  const size = Math.max(1, Math.floor(batchNumbers / pixelsOf(settings)));
  const found: Found[] = [];
  for (let start = 0; start < rows.length; start += size) {
    found.push(await find(readImages(store, settings, rows.subarray(start, start + size))));
  }
  return found;
}

async function calibrationScores(
  input: FitImagesInput,
  networks: ImageNetworks,
  { combination }: ChosenScore,
  rows: Int32Array,
  runtime: Runtime,
): Promise<Float64Array> {
  await using scorer = await Blocks.open(
    {
      program: imageScoringProgram(networks, combination),
      outputs: ['score'],
      blockRows: imageBlockRows(pixelsOf(input.settings)),
    },
    runtime,
  );
  const parts = await inBatches(input, rows, ({ data, rows: count }) =>
    scorer.run({ pixels: data }, count),
  );
  return Float64Array.from(parts.flatMap(({ score }) => [...score]));
}
