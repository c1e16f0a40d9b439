import { formatCount } from '@unlikely/report/words';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { writeReport } from '../report/write-report.ts';
import { defined } from './defined.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { noteLines } from './tell/evaluation-lines.ts';
import { labelled } from './tell/labelled.ts';

/** `unlikely report`: one HTML page of an input and its scores. */
export async function report(options: CommandOptions<'report'>, run: Run): Promise<ExitCode> {
  const { words, open } = await faceOfModel('report', options, run);
  const { output, gallery } = options;
  run.promise(`Stopping after this batch of ${words.many}`);
  await using session = await open(options.model, options, run);
  const input = await session.labelled(options);
  const { data, evaluation, writeGallery } = await input.report(
    defined({ falsePositiveRate: options.fpr }),
  );
  await writeReport(output, data);
  const { rows, flagged, threshold } = data.scored;
  const counts = `${formatCount(flagged)} of ${formatCount(rows)} ${words.many} flagged`;
  run.note(labelled(run, 'report', `${output}, ${counts}`));
  if (evaluation !== undefined) {
    for (const line of noteLines(evaluation, run, words)) run.note(line);
  }
  if (gallery !== undefined && writeGallery !== undefined) {
    run.note(labelled(run, 'gallery', `${gallery}, ${await writeGallery(gallery)} PNG files`));
  }
  if (options.json === true) {
    const result = { report: output, rows, flagged, threshold, ...defined({ gallery }) };
    await run.data(`${JSON.stringify(result)}\n`);
  }
  return exitCodes.done;
}
