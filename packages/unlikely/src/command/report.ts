import { tableWords } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { writeReport } from '../report/write-report.ts';
import { defined } from './defined.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { noteLines } from './evaluation-lines.ts';
import { isAboutImages, refuseImageOptions } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { refuseNormalAlone } from './normal-alone.ts';
import { openModel } from './open-model.ts';
import { measuredReport } from '../report/measured-report.ts';
import type { Run } from './run/run.ts';

export interface ReportOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly label?: string;
  readonly normal?: readonly string[];
  readonly allRows?: boolean;
  readonly fpr?: number;
  /** Images alone: a folder for PNG files. */
  readonly gallery?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `unlikely report`: one HTML page of a scored table, or of images. */
export async function report(options: ReportOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/evaluate-images.ts')).reportImages(options, terminal);
  }
  return reportTable(options, terminal);
}

async function reportTable(options: ReportOptions, terminal: Run): Promise<ExitCode> {
  refuseImageOptions(options, ['gallery']);
  refuseNormalAlone(options);
  terminal.promise('Stopping after this batch of rows');
  const { signal } = terminal;
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  terminal.status(labelled(terminal, 'scoring', terminal.paint.dim(options.input)));
  const { data, evaluation } = await measuredReport(detector, table, {
    source: options.input,
    signal,
    ...defined({
      label: options.label,
      normal: options.normal,
      allRows: options.allRows,
      falsePositiveRate: options.fpr,
    }),
  });
  await writeReport(options.output, data);
  const { rows, flagged, threshold } = data.scored;
  terminal.note(
    labelled(
      terminal,
      'report',
      `${options.output}, ${formatCount(flagged)} of ${formatCount(rows)} rows flagged`,
    ),
  );
  if (evaluation !== undefined) {
    for (const line of noteLines(evaluation, terminal, tableWords)) terminal.note(line);
  }
  if (options.json === true) {
    await terminal.data(
      `${JSON.stringify({ report: options.output, rows, flagged, threshold })}\n`,
    );
  }
  return exitCodes.done;
}
