import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import { faceOfInput } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { writeReport } from '../report/write-report.ts';
import { figuresOf } from './figures-of.ts';
import { evaluationLines } from './tell/evaluation-lines.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { explanationLines } from './tell/explanation-lines.ts';
import { labelled } from './tell/labelled.ts';
import { makeFolder } from './make-folder.ts';
import { demoPaths } from './run/run-files.ts';
import type { Run } from './run/run.ts';
import { formatBytes, formatSeconds } from './tell/units.ts';

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../sample/${name}`, import.meta.url));
const shownAnomalies = 5;

/** `unlikely demo`: the whole way on the sample, from rows to reasons. */
export async function demo(options: CommandOptions<'demo'>, run: Run): Promise<ExitCode> {
  const started = performance.now();
  const { note, paint } = run;
  await makeFolder(options.output);
  const [modelPath, reportPath] = demoPaths(options.output);
  if (basename(options.output) !== ownFolder) refuseOthers([modelPath, reportPath]);
  run.promise('Stopping');

  note(paint.bold('Learning what normal network connections look like'));
  note(paint.dim('KDD Cup 1999 (UCI, CC BY 4.0): 4,000 connections without attacks'));
  note();
  const normal = sample('normal-connections.csv.gz');
  const face = await faceOfInput(normal, run);
  const training = { input: normal, output: modelPath, storedRows: true, header: true };
  let bytes: number;
  {
    await using trained = await face.train(training, { configuration: {} }, run);
    ({ bytes } = await trained.model.save(modelPath));
    for (const line of trained.lines(run)) note(line);
  }

  note();
  note(paint.bold('Scoring connections recorded later'));
  note(paint.dim('1,500 normal ones and 37 kinds of attack, none of which the model has seen'));
  note();
  run.status(labelled(run, 'scoring', ''));
  await using session = await face.open(modelPath, {}, run);
  const fresh = await session.labelled({
    input: sample('new-connections.csv.gz'),
    header: true,
    label: 'attack',
    // The two files are of different days: rows that are alike are none that it has seen.
    allRows: true,
  });
  const evaluation = await fresh.evaluate({ reference: normal });
  const { data } = await fresh.report({ source: 'new-connections.csv.gz', evaluation });
  await writeReport(reportPath, data);

  const anomalies = data.anomalies.slice(0, shownAnomalies);
  if (options.json !== true) {
    await run.print([run.page.paint.dim('The most unlikely of them, and why')]);
    for (const [index, anomaly] of anomalies.entries()) {
      const title = `${index + 1}.  row ${formatCount(anomaly.row)}, in truth: ${String(anomaly.record?.['attack'])}`;
      await run.print(['', ...explanationLines(anomaly, 4, title, run.page)]);
    }
    await run.print(['', ...evaluationLines(evaluation, run.page, { words: face.words }), '']);
  }
  const seconds = (performance.now() - started) / 1000;
  note(labelled(run, 'model', `${paint.bold(modelPath)}, ${formatBytes(bytes)}`));
  note(labelled(run, 'report', `${paint.bold(reportPath)}, open it in a browser`));
  note(labelled(run, 'time', formatSeconds(seconds)));
  note();
  note(
    `Now with rows of yours:  ${paint.bold('unlikely train NORMAL.csv && unlikely score model.onnx NEW.csv --explain 3')}`,
  );
  if (options.json === true) {
    await run.data(
      `${JSON.stringify({ model: modelPath, report: reportPath, bytes, seconds, anomalies, evaluation: figuresOf(evaluation) })}\n`,
    );
  }
  return exitCodes.done;
}

/** The folder of a demo before may be written again. */
const ownFolder = 'unlikely-demo';

/** Throws `usage/invalid` where files stand that nobody named. */
function refuseOthers(paths: readonly string[]): void {
  const other = paths.find((path) => existsSync(path));
  if (other === undefined) return;
  throw commandError(
    'usage/invalid',
    `expected a folder without a model or report, but ${other} is there`,
    { help: 'Name another folder: unlikely demo -o FOLDER' },
  );
}
