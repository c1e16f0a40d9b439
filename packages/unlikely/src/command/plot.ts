import type { Table } from '@unlikely/data';
import type { PathKind } from '@unlikely/detect';
import { pictureSvg } from '@unlikely/report';
import type { Picture } from '@unlikely/report';
import { commandError } from '../command-error.ts';
import { checkPictureFile, writePicture } from '../report/write-picture.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImageModel, isAboutImages, refuseImageOptions } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { openModel } from './open-model.ts';
import type { PlotKind, PlotLayout } from './run/plot-kinds.ts';
import { pictures } from './pictures.ts';
import type { Run } from './run/run.ts';
import { formatBytes } from './units.ts';

export interface PlotOptions extends InputOptions {
  readonly model: string;
  readonly input?: string;
  readonly output: string;
  readonly kind: PlotKind;
  /** False with `--no-label`. */
  readonly label?: string | false;
  readonly layout: PlotLayout;
  readonly rows?: readonly string[];
  readonly steps: number;
  readonly path: PathKind;
  readonly error?: boolean;
  readonly seed: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `unlikely plot`: a picture of a model, or of a table or images as the model sees them. */
export async function plot(options: PlotOptions, terminal: Run): Promise<ExitCode> {
  const { output, input, model } = options;
  if (output !== '-') checkPictureFile(output);
  if (await (input === undefined ? isAboutImageModel(model) : isAboutImages(model, input))) {
    return (await import('./image/plot-images.ts')).plotImages(options, terminal);
  }
  if (options.label === false) refuseImageOptions({ 'no-label': true }, ['no-label']);
  return plotTable(options, terminal);
}

async function plotTable(options: PlotOptions, terminal: Run): Promise<ExitCode> {
  const { input, kind } = options;
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = input === undefined ? undefined : await openInput(input, terminal, options);
  const needed = (): Table => {
    if (table !== undefined) return table;
    throw commandError(
      'usage/missing',
      `expected MODEL and INPUT, got no table to draw the ${kind} of`,
      { help: `unlikely plot ${options.model} INPUT --kind ${kind} -o ${options.output}` },
    );
  };
  terminal.status(labelled(terminal, 'drawing', terminal.paint.dim(kind)));
  const { signal } = terminal;
  const picture = await pictures[kind]({ detector, table: needed, options, signal });
  return await writePlot(options, picture, terminal);
}

/** Writes a picture where `--output` says, and tells of it. */
export async function writePlot(
  { output, kind, json }: PlotOptions,
  picture: Picture,
  terminal: Run,
): Promise<ExitCode> {
  if (output === '-') {
    await terminal.data(pictureSvg(picture));
    return exitCodes.done;
  }
  const { bytes } = await writePicture(output, picture);
  terminal.note(labelled(terminal, 'picture', `${output}, ${formatBytes(bytes)}`));
  if (json === true) {
    const { caption } = picture;
    await terminal.data(`${JSON.stringify({ picture: output, kind, bytes, caption })}\n`);
  }
  return exitCodes.done;
}
