import type { Picture } from '@unlikely/report';
import { pictureSvg } from '@unlikely/report';
import { commandError } from '../command-error.ts';
import type { Face, Seen, Session, View } from '../face/face.ts';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { checkPictureFile, writePicture } from '../report/write-picture.ts';
import { defined } from './defined.ts';
import { histogramPicture, lossPicture, mapPicture, mapPoints } from './draw-pictures.ts';
import { falsePositiveRate } from './flag-rule.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { PlotKind } from './run/flags.ts';
import type { Run } from './run/run.ts';
import { labelled } from './tell/labelled.ts';
import { progressOf } from './tell/progress.ts';
import { formatBytes } from './tell/units.ts';

type PlotOptions = CommandOptions<'plot'>;

interface Drawn {
  readonly face: Face;
  readonly session: Session;
  /** Opens the input; throws where none was given. */
  readonly view: () => Promise<View>;
  readonly options: PlotOptions;
  readonly run: Run;
}

/** `unlikely plot`: a picture of a model, or of an input as the model sees it. */
export async function plot(options: PlotOptions, run: Run): Promise<ExitCode> {
  const { output, picture: kind, model, input } = options;
  if (output !== '-') checkPictureFile(output);
  const face = await faceOfModel('plot', options, run);
  if (!face.pictures.includes(kind)) {
    throw commandError(
      'usage/invalid',
      `expected a picture of ${face.pictures.join(', ')} for ${face.input}, got ${kind}`,
      defined({ help: face.pictureHelp }),
    );
  }
  run.promise('Stopping; nothing is written');
  await using session = await face.open(model, options, run);
  run.status(labelled(run, 'drawing', run.paint.dim(kind)));
  const view = (): Promise<View> => {
    if (input !== undefined) return session.view({ ...options, input });
    throw commandError(
      'usage/missing',
      `expected MODEL and INPUT, got no ${face.words.many} to draw the ${kind} of`,
      { help: `unlikely plot ${model} INPUT --picture ${kind} -o ${output}` },
    );
  };
  const picture = await pictures[kind]({ face, session, view, options, run });
  if (output === '-') {
    await run.data(pictureSvg(picture));
    return exitCodes.done;
  }
  const { bytes } = await writePicture(output, picture);
  run.note(labelled(run, 'picture', `${output}, ${formatBytes(bytes)}`));
  if (options.json === true) {
    const { caption } = picture;
    await run.data(`${JSON.stringify({ picture: output, kind, bytes, caption })}\n`);
  }
  return exitCodes.done;
}

/** The closed table of pictures. */
const pictures: { readonly [K in PlotKind]: (drawn: Drawn) => Promise<Picture> } = {
  loss: ({ session, face }) =>
    Promise.resolve(lossPicture(session.model.manifest.history, face.words)),

  async latent({ face, session, view, options, run }) {
    const { layout = 'pca', seed = 1 } = options;
    const seen = await view();
    const { label } = seen;
    const stride = Math.max(1, Math.ceil(seen.count / mapPoints[layout]));
    const [codes, scores, labels]: [Float32Array[], number[], (string | null)[]] = [[], [], []];
    const what = { codes: true, scores: label === undefined };
    for await (const batch of shown(seen, what, { stride, face, run })) {
      const { data, columns } = batch.codes!;
      for (let index = 0; index < batch.rows; index++) {
        codes.push(data.slice(index * columns, (index + 1) * columns));
        scores.push(batch.scores?.[index] ?? 0);
        labels.push(batch.labels?.[index] ?? null);
      }
    }
    return mapPicture({
      codes,
      scores,
      labels,
      ...defined({ label }),
      layout,
      seed,
      threshold: thresholdOf(session),
      words: face.words,
    });
  },

  async histogram({ face, session, view, options, run }) {
    const { error = false } = options;
    const seen = await view();
    const { label, axes } = seen;
    const values: number[] = [];
    const labels: (string | null)[] = [];
    const what = error ? { errors: true } : { scores: true };
    for await (const batch of shown(seen, what, { stride: 1, face, run })) {
      values.push(...(error ? batch.errors! : batch.scores!));
      for (let index = 0; index < batch.rows; index++) {
        const all = `all ${face.words.many}`;
        labels.push(label === undefined ? all : (batch.labels?.[index] ?? null));
      }
    }
    return histogramPicture({
      scores: Float64Array.from(values),
      labels,
      ...defined({ label }),
      what: error ? 'Squared error of the reconstruction' : 'Scores',
      axis: error ? axes.error : axes.score,
      threshold: error ? undefined : thresholdOf(session),
      rate: falsePositiveRate(session.model),
      words: face.words,
    });
  },

  interpolation: async ({ view }) => (await view()).interpolation!(),
};

/** All batches of a view, with their progress. */
async function* shown(
  view: View,
  what: Parameters<View['batches']>[0],
  { stride, face, run }: { stride: number; face: Face; run: Run },
): AsyncGenerator<Seen> {
  const total = Math.ceil(view.count / stride);
  const show = progressOf(run, { doing: 'drawing', total, words: face.words });
  let done = 0;
  for await (const batch of view.batches(what, stride)) {
    yield batch;
    show((done += batch.rows));
  }
}

function thresholdOf({ model }: Session): number | undefined {
  const rate = falsePositiveRate(model);
  return rate === undefined ? undefined : model.threshold(rate);
}
