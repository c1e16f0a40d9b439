import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Detector } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import { writeReport } from '../report/write-report.ts';
import { nodePlatform } from '../platform.ts';
import { figuresOf } from './figures-of.ts';
import { evaluationLines } from './evaluation-lines.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { explanationLines } from './explanation-lines.ts';
import { openInput } from './input.ts';
import { labelled } from './labelled.ts';
import { modelLines } from './model-lines.ts';
import { makeFolder } from './make-folder.ts';
import { reportOf } from '../report/report-of.ts';
import { demoPaths } from './run/run-files.ts';
import type { Run } from './run/run.ts';
import { trainingDisplay } from './training-display.ts';
import { formatBytes, formatSeconds } from './units.ts';
import { warn } from './warn.ts';

export interface DemoOptions {
  readonly output: string;
  readonly json?: boolean;
}

const sample = (name: string): string =>
  fileURLToPath(new URL(`../../sample/${name}`, import.meta.url));
const shownAnomalies = 5;

/** `unlikely demo`: the whole way on the sample, from rows to reasons. */
export async function demo(options: DemoOptions, terminal: Run): Promise<ExitCode> {
  const started = performance.now();
  const { note, paint } = terminal;
  await makeFolder(options.output);
  const [modelPath, reportPath] = demoPaths(options.output);
  if (basename(options.output) !== ownFolder) refuseOthers([modelPath, reportPath]);
  terminal.promise('Stopping');
  const { signal } = terminal;

  note(paint.bold('Learning what normal network connections look like'));
  note(paint.dim('KDD Cup 1999 (UCI, CC BY 4.0): 4,000 connections without attacks'));
  note();
  await using normal = await openInput(sample('normal-connections.csv.gz'), terminal);
  await using detector = await Detector.train(
    normal,
    { signal, onEvent: trainingDisplay(terminal) },
    nodePlatform({ onFallback: warn(terminal) }),
  );
  const { bytes } = await detector.save(modelPath);
  for (const line of modelLines(detector.manifest, terminal)) note(line);

  note();
  note(paint.bold('Scoring connections recorded later'));
  note(paint.dim('1,500 normal ones and 37 kinds of attack, none of which the model has seen'));
  note();
  terminal.status(labelled(terminal, 'scoring', ''));
  await using fresh = await openInput(sample('new-connections.csv.gz'), terminal);
  // The two files are of different days: rows that are alike are none that it has seen.
  const truth = { label: 'attack', reference: normal, allRows: true };
  const evaluation = await detector.evaluate(fresh, { ...truth, signal });
  const data = await reportOf(detector, fresh, {
    source: 'new-connections.csv.gz',
    evaluation,
    signal,
  });
  await writeReport(reportPath, data);

  const anomalies = data.anomalies.slice(0, shownAnomalies);
  if (options.json !== true) {
    await terminal.print([terminal.page.paint.dim('The most unlikely of them, and why')]);
    for (const [index, anomaly] of anomalies.entries()) {
      const title = `${index + 1}.  row ${formatCount(anomaly.row)}, in truth: ${String(anomaly.record?.['attack'])}`;
      await terminal.print(['', ...explanationLines(anomaly, 4, title, terminal.page)]);
    }
    await terminal.print(['', ...evaluationLines(evaluation, terminal.page), '']);
  }
  const seconds = (performance.now() - started) / 1000;
  note(labelled(terminal, 'model', `${paint.bold(modelPath)}, ${formatBytes(bytes)}`));
  note(labelled(terminal, 'report', `${paint.bold(reportPath)}, open it in a browser`));
  note(labelled(terminal, 'time', formatSeconds(seconds)));
  note();
  note(
    `Now with rows of yours:  ${paint.bold('unlikely train NORMAL.csv && unlikely score model.onnx NEW.csv --explain 3')}`,
  );
  if (options.json === true) {
    await terminal.data(
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
