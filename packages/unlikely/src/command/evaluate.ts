import { Detector } from '@unlikely/detect';
import { writeReport } from '../report/write-report.ts';
import { nodePlatform } from '../platform.ts';
import { defined } from './defined.ts';
import { evaluationLines } from './evaluation-lines.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { falsePositiveRate } from './flag-rule.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { listenForInterrupt } from './interrupt.ts';
import { labelled } from './labelled.ts';
import { checkOutput } from './output-file.ts';
import { reportOf } from './report-of.ts';
import type { Terminal } from './terminal.ts';
import { warn } from './warn.ts';

export interface EvaluateCommandOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  readonly label: string;
  readonly normal?: readonly string[];
  readonly fpr?: number;
  readonly reference?: string;
  readonly report?: string;
  readonly baselines: boolean;
  readonly fast?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `unlikely evaluate`: what the scores are worth, beside what simple methods reach. */
export async function evaluate(
  options: EvaluateCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.report !== undefined) await checkOutput(options.report);
  using interrupt = listenForInterrupt(terminal, 'Stopping after this batch of rows');
  const platform = nodePlatform({
    ...defined({ threads: options.threads }),
    onFallback: warn(terminal),
  });
  await using detector = await Detector.load(options.model, platform);
  await using table = await openInput(options.input, options);
  await using reference =
    options.reference === undefined ? undefined : await openInput(options.reference, options);
  terminal.status(labelled(terminal, 'scoring', terminal.paint.dim(options.input)));
  const evaluation = await detector.evaluate(table, {
    label: options.label,
    baselines: options.baselines,
    signal: interrupt.signal,
    ...defined({
      normal: options.normal,
      falsePositiveRate: falsePositiveRate(detector, options.fpr),
      fast: options.fast,
      reference,
    }),
  });
  if (options.report !== undefined) {
    const data = await reportOf(detector, table, {
      source: options.input,
      evaluation,
      signal: interrupt.signal,
    });
    await writeReport(options.report, data);
  }
  if (options.json === true) {
    const { scores: _scores, labels: _labels, ...figures } = evaluation;
    await terminal.data(`${JSON.stringify({ ...figures, report: options.report ?? null })}\n`);
    return exitCodes.done;
  }
  await terminal.data(`${evaluationLines(evaluation, terminal.page).join('\n')}\n`);
  if (options.report !== undefined) terminal.note(labelled(terminal, 'report', options.report));
  return exitCodes.done;
}
