import { faceOfModel, requireKind } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { writeReport } from '../report/write-report.ts';
import { defined } from './defined.ts';
import { figuresOf } from './figures-of.ts';
import { falsePositiveRate } from './flag-rule.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { evaluationLines } from './tell/evaluation-lines.ts';
import { labelled } from './tell/labelled.ts';

/** `unlikely evaluate`: what the scores are worth, beside what simple methods reach. */
export async function evaluate(options: CommandOptions<'evaluate'>, run: Run): Promise<ExitCode> {
  const { words, kind, open } = await faceOfModel('evaluate', options, run);
  const { reference, report, baselines, fast } = options;
  if (reference !== undefined) await requireKind(reference, kind, 'as the input is');
  run.promise(`Stopping after this batch of ${words.many}`);
  await using session = await open(options.model, options, run);
  const input = await session.labelled(options);
  const evaluation = await input.evaluate({
    baselines,
    ...defined({
      fast,
      reference,
      falsePositiveRate: falsePositiveRate(session.model, options.fpr),
    }),
  });
  if (report !== undefined) await writeReport(report, (await input.report({ evaluation })).data);
  if (options.json === true) {
    const figures = { ...figuresOf(evaluation), report: report ?? null };
    await run.data(`${JSON.stringify(figures)}\n`);
    return exitCodes.done;
  }
  await run.print(evaluationLines(evaluation, run.page, { words }));
  if (report !== undefined) run.note(labelled(run, 'report', report));
  return exitCodes.done;
}
