import type { ImageBatch, ImageSource } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import type { ImageDetector } from '@unlikely/detect';
import type { Picture } from '@unlikely/report';
import { commandError } from '../../command-error.ts';
import { defined } from '../defined.ts';
import { histogramPicture, lossPicture, mapPicture, mapPoints } from '../draw-pictures.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { falsePositiveRate } from '../flag-rule.ts';
import type { PlotKind } from '../run/plot-kinds.ts';
import { writePlot } from '../plot.ts';
import type { PlotOptions } from '../plot.ts';
import { progressOf } from '../run/progress.ts';
import type { Run } from '../run/run.ts';
import { openImageInput, refuseTableOptions } from './image-input.ts';
import { tellPass } from './image-lines.ts';
import { openImageModel } from './open-image-model.ts';

interface Drawn {
  readonly detector: ImageDetector;
  /** Opens the images; throws where none were given. */
  readonly open: () => Promise<ImageSource>;
  readonly options: PlotOptions;
  readonly terminal: Run;
  readonly signal: AbortSignal;
}

/** `unlikely plot` of an image model, or of images as it sees them. */
export async function plotImages(options: PlotOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, ['rows']);
  terminal.promise('Stopping; nothing is written');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  const { model, input, kind, output, label } = options;
  const open = (): Promise<ImageSource> => {
    if (input === undefined) {
      throw commandError(
        'usage/missing',
        `expected MODEL and INPUT, got no images to draw the ${kind} of`,
        { help: `unlikely plot ${model} INPUT --kind ${kind} -o ${output}` },
      );
    }
    const named = label === false ? {} : defined({ label });
    return openImageInput({ input, ...named }, label !== false, (pass) =>
      tellPass(pass, detector.manifest.schema, terminal),
    );
  };
  const picture = await pictures[kind]({ detector, open, options, terminal, signal });
  return await writePlot(options, picture, terminal);
}

/** The closed table of pictures. */
const pictures: { readonly [K in PlotKind]: (drawn: Drawn) => Promise<Picture> } = {
  loss: ({ detector }) => Promise.resolve(lossPicture(detector.manifest.history, imageWords)),

  async latent(drawn) {
    const { detector, options, signal } = drawn;
    const { layout, seed } = options;
    await using images = await drawn.open();
    const label = labelOf(images, options);
    const isScored = label === undefined;
    const stride = Math.max(1, Math.ceil(images.count / mapPoints[layout]));
    const { latentSize } = detector.manifest.configuration;
    const [codes, scores, labels]: [Float32Array[], number[], (string | null)[]] = [[], [], []];
    for await (const batch of shown(drawn, images)) {
      const some = everyNth(batch, stride);
      if (some.rows === 0) continue;
      const { data } = await detector.latent.encode(some, { signal });
      // Scores take ten times as long as codes, and colours by label do not need them.
      const score = isScored ? (await detector.scoreImages(some)).score : undefined;
      for (let index = 0; index < some.rows; index++) {
        codes.push(data.slice(index * latentSize, (index + 1) * latentSize));
        scores.push(score?.[index] ?? 0);
        labels.push(some.labels?.[index] ?? null);
      }
    }
    return await mapPicture({
      codes,
      scores,
      labels,
      ...defined({ label }),
      layout,
      seed,
      threshold: thresholdOf(detector),
      words: imageWords,
    });
  },

  async histogram(drawn) {
    const { detector, options, signal } = drawn;
    const { error = false } = options;
    await using images = await drawn.open();
    const label = labelOf(images, options);
    const scores: number[] = [];
    const labels: (string | null)[] = [];
    for await (const batch of shown(drawn, images)) {
      const own = error
        ? squaredErrors(batch, (await detector.reconstruct(batch, { signal })).data)
        : (await detector.scoreImages(batch)).score;
      scores.push(...own);
      for (let index = 0; index < batch.rows; index++) {
        labels.push(label === undefined ? 'all images' : (batch.labels?.[index] ?? null));
      }
    }
    return histogramPicture({
      scores: Float64Array.from(scores),
      labels,
      ...defined({ label }),
      what: error ? 'Squared error of the reconstruction' : 'Scores',
      axis: error ? 'mean squared error of a pixel, levels from 0 to 1' : 'score',
      threshold: error ? undefined : thresholdOf(detector),
      rate: falsePositiveRate(detector),
      words: imageWords,
    });
  },

  interpolation({ options: { model, input } }) {
    throw commandError(
      'usage/invalid',
      'expected another kind of plot, since a way between images is pictures and no curves',
      { help: `unlikely interpolate ${model} ${input ?? 'INPUT'} --rows 0,17 -o way.png` },
    );
  },
};

/** All batches, with their progress. */
async function* shown(
  { detector, terminal, signal }: Drawn,
  images: ImageSource,
): AsyncGenerator<ImageBatch> {
  const show = progressOf(terminal, { doing: 'drawing', total: images.count, words: imageWords });
  let done = 0;
  for await (const batch of images.batches(detector.manifest.schema, { signal })) {
    yield batch;
    show((done += batch.rows + batch.failures.length));
  }
}

/** What the labels are called, where there are any and they are not left aside. */
function labelOf({ labels }: ImageSource, { label }: PlotOptions): string | undefined {
  return labels === undefined || label === false ? undefined : (label ?? 'label');
}

/** The images of a batch whose place in the source is a multiple of `stride`. */
function everyNth(batch: ImageBatch, stride: number): Pick<ImageBatch, 'data' | 'rows' | 'labels'> {
  const places = [...batch.rowNumbers.keys()].filter(
    (index) => batch.rowNumbers[index]! % stride === 0,
  );
  const length = batch.data.length / Math.max(1, batch.rows);
  const data = new Float32Array(places.length * length);
  places.forEach((place, index) => {
    data.set(batch.data.subarray(place * length, (place + 1) * length), index * length);
  });
  const { labels } = batch;
  return {
    data,
    rows: places.length,
    ...(labels === undefined ? {} : { labels: places.map((place) => labels[place]!) }),
  };
}

/** Of each image, over all pixels and channels. */
function squaredErrors({ data, rows }: ImageBatch, expected: Float32Array): Float64Array {
  const length = data.length / Math.max(1, rows);
  const errors = new Float64Array(rows);
  data.forEach((value, at) => {
    errors[Math.floor(at / length)]! += (value - expected[at]!) ** 2 / length;
  });
  return errors;
}

function thresholdOf(detector: ImageDetector): number | undefined {
  const rate = falsePositiveRate(detector);
  return rate === undefined ? undefined : detector.threshold(rate);
}
