import type { ImageSource } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import { signalOf } from '../../abort.ts';
import type { BaselineName } from '../../baseline/baseline.ts';
import { detectError } from '../../detect-error.ts';
import type { Comparison } from '../../evaluate/compare-baselines.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import type { Evaluation, EvaluationOptions } from '../../evaluate/evaluation.ts';
import type { ScoreOptions } from '../modality.ts';
import { labelsOfImages } from '../../normal-labels.ts';
import type { ImageManifest } from './manifest.ts';
import type { ScoredImages } from './score/scores.ts';
import { pixelsOf } from './images.ts';

/** What scores of images are compared with. */
export interface EvaluateImagesOptions extends EvaluationOptions {
  /**
   * Where the baselines learn from: normal images, filtered by label where it has labels. By default a
   * random half of the normal images that are evaluated, and they are measured on the rest.
   */
  readonly reference?: ImageSource;
  /** Told how many images have been scored. */
  readonly onProgress?: (done: number) => void;
}

/** What an evaluation asks of a detector of images. */
export interface ScoresOfImages {
  readonly manifest: ImageManifest;
  threshold(falsePositiveRate: number): number;
  score(source: ImageSource, options: ScoreOptions): AsyncIterable<ScoredImages>;
}

/** Those that an evaluation prints, on pixels. */
const printed: readonly BaselineName[] = [
  'l2-norm',
  'principal-components',
  'nearest-neighbours',
  'random',
];
/** Numbers that baselines learn from, and images that they are measured on. */
const mostReferenceNumbers = 4e6;
const mostMeasured = 4000;

/** Scores labelled images and measures what the scores are worth. */
export async function evaluateImages(
  model: ScoresOfImages,
  source: ImageSource,
  options: EvaluateImagesOptions,
): Promise<Evaluation> {
  if (source.labels === undefined) {
    throw detectError('detect/input', 'expected images with labels to evaluate on, got none', {
      help: 'Put the images into a folder for each label, or give a table with a label column.',
    });
  }
  const { knownRows, label, rows } = model.manifest;
  return evaluate(
    {
      labels: labelsOfImages(source),
      trained: label?.normal,
      knownRows,
      calibrationRows: rows.calibration,
      threshold: (rate) => model.threshold(rate),
      async *score(hashes) {
        let done = 0;
        for await (const batch of model.score(source, { hashes, ...signalOf(options) })) {
          options.onProgress?.((done += batch.rows + batch.failures.length));
          yield { ...batch, labels: batch.labels!.slice(0, batch.rows) };
        }
      },
      comparison: comparisonOf(model.manifest, source, options),
    },
    options,
  );
}

/** Images by their pixels. */
function comparisonOf(
  { schema, configuration }: ImageManifest,
  source: ImageSource,
  { reference }: EvaluateImagesOptions,
): Comparison {
  const { seed } = configuration;
  const columns = pixelsOf(schema);
  const most = Math.max(100, Math.floor(mostReferenceNumbers / columns));
  return {
    baselines: printed,
    seed,
    most: { reference: most, measured: mostMeasured },
    draw: async ({ places, rowNumbers }, wanted) => {
      const order = new RandomStream(seed, 'measured').permutation(places.length);
      const chosen = order.slice(0, wanted).sort();
      const placeOf = new Map(Array.from(chosen, (at) => [rowNumbers[at]!, places[at]!]));
      const batch = await source.rows(schema, [...placeOf.keys()]);
      const found = Array.from(batch.rowNumbers, (row) => placeOf.get(row)!);
      return { features: { data: batch.data, rows: batch.rows, columns }, places: found };
    },
    ...(reference === undefined
      ? {}
      : {
          reference: async (normal, size) => {
            const rows =
              reference.labels === undefined ? reference : reference.where({ in: normal });
            const { data, rows: count } = await rows.sample(schema, size, seed);
            return { data, rows: count, columns };
          },
        }),
  };
}
