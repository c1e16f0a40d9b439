import type { ImageSource } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { BaselineName } from '../baseline/baseline.ts';
import { baselines } from '../baseline/baselines.ts';
import { countedPlaces, evaluationOf, normalWeight, truthOf } from '../evaluate/evaluation-of.ts';
import type { EvaluationInput } from '../evaluate/evaluation-of.ts';
import type { BaselineResult, Evaluation } from '../evaluate/evaluation.ts';
import { recognitionOf } from '../known/known-rows.ts';
import { rowHashes } from '../known/row-hashes.ts';
import type { Matrix } from '../matrix.ts';
import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import type { ImageDetector } from './image-detector.ts';
import { pixelsOf } from './images.ts';
import { evaluatedLabel, labelsOfImages } from '../normal-labels.ts';

export interface EvaluateImagesOptions {
  /** Labels of normal images; by default those of training, else the usual words. */
  readonly normal?: readonly string[];
  /** Rate of the chosen threshold, default 0.01. */
  readonly falsePositiveRate?: number;
  /** Whether the trivial baselines are computed, default true. */
  readonly baselines?: boolean;
  /**
   * Where the baselines learn from: normal images, filtered by label where it has labels. By default a
   * random half of the normal images that are evaluated, and they are measured on the rest.
   */
  readonly reference?: ImageSource;
  /** Whether images that trained the model count as well; by default they are left out. */
  readonly allRows?: boolean;
  /** Share of all normal images that the source holds, beside all anomalies; default 1. */
  readonly normalShare?: number;
  readonly signal?: AbortSignal;
  /** Told how many images have been scored. */
  readonly onProgress?: (done: number) => void;
}

/** Those that an evaluation prints, on pixels. */
const printed: readonly BaselineName[] = [
  'l2-norm',
  'principal-components',
  'nearest-neighbours',
  'random',
];
/** Numbers that baselines learn from, and images that they are measured on: what they do in seconds. */
const mostReferenceNumbers = 4e6;
const mostMeasured = 4000;

/** Scores labelled images and measures what the scores are worth. */
export async function evaluateImages(
  detector: ImageDetector,
  source: ImageSource,
  options: EvaluateImagesOptions,
): Promise<Evaluation> {
  if (source.labels === undefined) {
    throw detectError('detect/input', 'expected images with labels to evaluate on, got none', {
      help: 'Put the images into a folder for each label, or give a table with a label column.',
    });
  }
  const normal = evaluatedLabel(
    labelsOfImages(source),
    options.normal,
    detector.manifest.label?.normal,
  );
  const { signal } = options;
  let done = 0;
  const scores: number[] = [];
  const pValues: number[] = [];
  const values: (string | null)[] = [];
  const rowNumbers: number[] = [];
  const known: number[] = [];
  const { knownRows, label: trainedBy } = detector.manifest;
  const recognition = options.allRows === true ? undefined : recognitionOf(detector.manifest);
  for await (const batch of detector.score(source, signal === undefined ? {} : { signal })) {
    options.onProgress?.((done += batch.rows + batch.failures.length));
    for (let row = 0; row < batch.rows; row++) {
      scores.push(batch.score[row]!);
      pValues.push(batch.pValue[row]!);
      values.push(batch.labels![row]!);
      rowNumbers.push(batch.rowNumbers[row]!);
    }
    const pixels = batch.data.subarray(0, batch.rows * pixelsOf(detector.manifest.schema));
    const flags =
      recognition?.recognise(rowHashes(pixels, batch.rows, knownRows!.salt), (row) => {
        // Images that a label did not call normal cannot have trained the model.
        return trainedBy === undefined || trainedBy.normal.includes(batch.labels![row] ?? '');
      }) ?? new Uint8Array(batch.rows);
    for (const flag of flags) known.push(flag);
  }
  const promisedRate = options.falsePositiveRate ?? 0.01;
  const scored = {
    rowNumbers: Float64Array.from(rowNumbers),
    scores: Float64Array.from(scores),
    pValues: Float64Array.from(pValues),
    values,
    known: knownRows === undefined ? undefined : Uint8Array.from(known),
  };
  const input = {
    ...scored,
    normalValues: normal,
    normalShare: options.normalShare ?? 1,
    promisedRate,
    threshold: detector.calibrated ? detector.threshold(promisedRate) : Infinity,
    calibrationRows: detector.manifest.rows.calibration,
  };
  const isCompared = options.baselines !== false;
  return evaluationOf(
    input,
    isCompared ? await imageBaselines(detector, source, options, input) : [],
  );
}

/** The trivial detectors on the pixels, measured on the same images as ours. */
async function imageBaselines(
  { manifest }: ImageDetector,
  source: ImageSource,
  { reference }: EvaluateImagesOptions,
  scored: EvaluationInput,
): Promise<BaselineResult[]> {
  const { schema: settings, configuration } = manifest;
  const { seed } = configuration;
  const columns = pixelsOf(settings);
  const most = Math.max(100, Math.floor(mostReferenceNumbers / columns));
  const { normalValues: normal } = scored;
  const places = countedPlaces(scored);
  const counted = Array.from(places, (place) => scored.rowNumbers[place]!);
  if (counted.length === 0) return [];
  const wanted = mostMeasured + (reference === undefined ? most : 0);
  const chosen = new RandomStream(seed, 'measured').permutation(counted.length).slice(0, wanted);
  const batch = await source.rows(
    settings,
    Array.from(chosen.sort(), (place) => counted[place]!),
  );
  const all: Matrix = { data: batch.data, rows: batch.rows, columns };
  const truth = truthOf(batch.labels!, normal);
  let measured = Int32Array.from({ length: all.rows }, (_, row) => row);
  let learnt: Matrix;
  if (reference === undefined) {
    const shuffled = new RandomStream(seed, 'evaluate')
      .permutation(all.rows)
      .filter((row) => truth[row] === 0);
    const half = shuffled.subarray(0, Math.floor(shuffled.length / 2)).slice(0, most);
    learnt = pickRows(all, half);
    const used = new Set(half);
    measured = measured.filter((row) => !used.has(row));
  } else {
    const rows = reference.labels === undefined ? reference : reference.where({ in: normal });
    const sample = await rows.sample(settings, most, seed);
    learnt = { data: sample.data, rows: sample.rows, columns };
  }
  if (learnt.rows === 0) return [];
  const tested = pickRows(all, measured);
  const labels = Uint8Array.from(measured, (row) => truth[row]!);
  const zeros = (of: Uint8Array): number => of.reduce((sum, label) => sum + 1 - label, 0);
  // Those that the others learnt from are not measured, and stood for some as well.
  const weight = (normalWeight(scored, places) * zeros(truth)) / Math.max(1, zeros(labels));
  const placeOf = new Map(Array.from(scored.rowNumbers, (row, place) => [row, place]));
  const scoreOf = (row: number): number => scored.scores[placeOf.get(batch.rowNumbers[row]!)!]!;
  const ours = Float64Array.from(measured, scoreOf);
  return printed.map((name) => {
    const result = baselines[name].fit(learnt, seed).score(tested);
    return {
      name,
      auroc: areaUnderRoc(result, labels),
      averagePrecision: averagePrecision(result, labels, weight),
      rows: tested.rows,
      ours: areaUnderRoc(ours, labels),
      reference: reference === undefined ? 'half of the normal rows' : 'reference table',
    };
  });
}

function pickRows({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { data: picked, rows: rows.length, columns };
}
