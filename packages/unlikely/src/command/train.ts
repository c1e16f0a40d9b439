import { nodeFiles } from '@unlikely/data/node-files';
import { removeCheckpoint } from '@unlikely/detect';
import { commandError } from '../command-error.ts';
import type { Model } from '../face/face.ts';
import { faceOfInput } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { checkCheckpoint } from './checkpoint-file.ts';
import { defined } from './defined.ts';
import { figuresOf } from './figures-of.ts';
import { readConfiguration } from './read-configuration.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { checkpointOf } from './run/run-files.ts';
import type { Run } from './run/run.ts';
import { labelled } from './tell/labelled.ts';
import { testLines } from './tell/test-lines.ts';
import { formatBytes, formatSeconds } from './tell/units.ts';

/** `unlikely train`: from an input to a model file. */
export async function train(options: CommandOptions<'train'>, run: Run): Promise<ExitCode> {
  const face = await faceOfInput(options.input, run);
  face.checks.train?.(options);
  const started = performance.now();
  const configuration = await readConfiguration(options.config);
  const checkpoint = checkpointOf(options);
  if (checkpoint !== undefined) {
    await checkCheckpoint(checkpoint, options.resume === true, run);
  }
  run.promise(
    checkpoint === undefined
      ? 'Stopping after this chunk of steps'
      : `Finishing this chunk of steps and keeping it in ${checkpoint}`,
    checkpoint,
  );
  const plan = { configuration, ...defined({ checkpoint }) };
  await using trained = await face.train(options, plan, run);
  const { model, testShare: share } = trained;
  const bytes = await save(model, options.output, run);
  if (checkpoint !== undefined) await removeCheckpoint(checkpoint, nodeFiles);
  await trained.writeMore();
  const evaluation = share === 0 ? undefined : await trained.test();

  const seconds = (performance.now() - started) / 1000;
  for (const line of trained.lines(run)) run.note(line);
  const name = options.output === '-' ? 'standard output' : run.paint.bold(options.output);
  run.note(labelled(run, 'model', `${name}, ${formatBytes(bytes)}, in ${formatSeconds(seconds)}`));
  if (evaluation !== undefined) {
    for (const line of testLines(evaluation, share, run, face.words)) run.note(line);
  }
  const { health, history, fingerprint } = model.manifest;
  if (options.json === true) {
    const result = {
      model: options.output,
      bytes,
      seconds,
      ...trained.facts,
      loss: history.loss.at(-1) ?? null,
      health,
      ...(evaluation === undefined ? {} : { test: { share, ...figuresOf(evaluation) } }),
      fingerprint,
    };
    await run.data(`${JSON.stringify(result)}\n`);
  }
  if (options.failOn === 'health' && health.verdict !== 'good') {
    throw commandError(
      'gate/failed',
      `expected a model in good health, got a ${health.verdict} one: ${health.findings.join(' ')}`,
      { help: `The model was written all the same, to ${options.output}.` },
    );
  }
  return exitCodes.done;
}

async function save(model: Model, output: string, run: Run): Promise<number> {
  if (output !== '-') return (await model.save(output)).bytes;
  const bytes = await model.toBytes();
  await run.data(bytes);
  return bytes.length;
}
