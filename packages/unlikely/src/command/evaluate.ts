import { Detector } from '@unlikely/detect';
import { commandError } from '../command-error.ts';
import { writeReport } from '../report/write-report.ts';
import { nodePlatform } from '../platform.ts';
import { defined } from './defined.ts';
import { evaluationLines } from './evaluation-lines.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { figuresOf } from './figures-of.ts';
import { falsePositiveRate } from './flag-rule.ts';
import { isAboutImages } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { reportOf } from '../report/report-of.ts';
import type { Run } from './run/run.ts';
import { warn } from './warn.ts';

export interface EvaluateCommandOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  /** Tables need it; images in folders have their labels. */
  readonly label?: string;
  readonly normal?: readonly string[];
  readonly fpr?: number;
  readonly reference?: string;
  readonly report?: string;
  readonly baselines: boolean;
  readonly allRows?: boolean;
  readonly fast?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `unlikely evaluate`: what the scores are worth, beside what simple methods reach. */
export async function evaluate(options: EvaluateCommandOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/evaluate-images.ts')).evaluateImages(options, terminal);
  }
  return evaluateTable(options, terminal);
}

async function evaluateTable(options: EvaluateCommandOptions, terminal: Run): Promise<ExitCode> {
  const { label } = options;
  if (label === undefined) {
    throw commandError(
      'usage/missing',
      'expected --label COLUMN, which says which rows are anomalies',
      { help: 'Only images in folders need none: there, the folder is the label.' },
    );
  }
  terminal.promise('Stopping after this batch of rows');
  const platform = nodePlatform({
    ...defined({ threads: options.threads }),
    onFallback: warn(terminal),
  });
  await using detector = await Detector.load(options.model, platform);
  await using table = await openInput(options.input, terminal, options);
  await using reference =
    options.reference === undefined
      ? undefined
      : await openInput(options.reference, terminal, options);
  terminal.status(labelled(terminal, 'scoring', terminal.paint.dim(options.input)));
  const evaluation = await detector.evaluate(table, {
    label,
    baselines: options.baselines,
    signal: terminal.signal,
    ...defined({
      normal: options.normal,
      falsePositiveRate: falsePositiveRate(detector, options.fpr),
      fast: options.fast,
      allRows: options.allRows,
      reference,
    }),
  });
  if (options.report !== undefined) {
    const data = await reportOf(detector, table, {
      source: options.input,
      evaluation,
      signal: terminal.signal,
    });
    await writeReport(options.report, data);
  }
  if (options.json === true) {
    const figures = figuresOf(evaluation);
    await terminal.data(`${JSON.stringify({ ...figures, report: options.report ?? null })}\n`);
    return exitCodes.done;
  }
  await terminal.print(evaluationLines(evaluation, terminal.page));
  if (options.report !== undefined) terminal.note(labelled(terminal, 'report', options.report));
  return exitCodes.done;
}
