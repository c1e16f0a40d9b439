import { formatCount } from '@unlikely/report/words';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { parseCondition } from './parse-condition.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { attributeLine } from './tell/attribute-line.ts';
import { labelled } from './tell/labelled.ts';
import { formatBytes } from './tell/units.ts';

/** `unlikely attribute`: a direction of the latent space for a trait, kept in the model file. */
export async function attribute(options: CommandOptions<'attribute'>, run: Run): Promise<ExitCode> {
  const { words, open } = await faceOfModel('attribute', options, run);
  const present = parseCondition(options.with);
  const absent = options.without === undefined ? undefined : parseCondition(options.without);
  const output = options.output ?? options.model;
  run.promise('Stopping; the model stays as it is');
  await using session = await open(options.model, options, run);
  const found = await session.attribute(options, present, absent);
  const { name } = options;
  const without = absent?.text ?? `not ${present.text}`;
  const kept = { ...found, condition: { with: present.text, without } };
  session.model.latent.keepAttribute(name, kept);
  const { bytes } = await session.model.save(output);
  const { rows } = kept;
  const counts = `${formatCount(rows.with)} with it, ${formatCount(rows.without)} without`;
  run.note(labelled(run, words.many, counts));
  run.note(labelled(run, 'attribute', attributeLine(name, kept)));
  run.note(labelled(run, 'model', `${output}, ${formatBytes(bytes)}`));
  if (options.json === true) {
    await run.data(`${JSON.stringify({ model: output, bytes, name, ...kept })}\n`);
  }
  return exitCodes.done;
}
