import { formatCount } from '@unlikely/report/words';
import { attributeLine } from './attribute-line.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImages } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { openModel } from './open-model.ts';
import { parseCondition, rowsWhere } from './parse-condition.ts';
import type { Run } from './run/run.ts';
import { formatBytes } from './units.ts';

export interface AttributeOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  readonly name: string;
  readonly with: string;
  readonly without?: string;
  /** The model itself where absent. */
  readonly output?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `unlikely attribute`: a direction of the latent space for a trait, kept in the model file. */
export async function attribute(options: AttributeOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/attribute-images.ts')).attributeImages(options, terminal);
  }
  return attributeOfTable(options, terminal);
}

async function attributeOfTable(options: AttributeOptions, terminal: Run): Promise<ExitCode> {
  const present = parseCondition(options.with);
  const absent = options.without === undefined ? undefined : parseCondition(options.without);
  const output = options.output ?? options.model;
  terminal.promise('Stopping; the model stays as it is');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  terminal.status(labelled(terminal, 'encoding', terminal.paint.dim(options.input)));
  const without = absent ?? {
    filter: present.complement,
    text: `not ${present.text}`,
  };
  const found = await detector.latent.attributeVector(
    await rowsWhere(table, present.filter, present.text),
    await rowsWhere(table, without.filter, without.text),
    { signal: terminal.signal },
  );
  const kept = { ...found, condition: { with: present.text, without: without.text } };
  detector.latent.keepAttribute(options.name, kept);
  const { bytes } = await detector.save(output);
  terminal.note(
    labelled(
      terminal,
      'rows',
      `${formatCount(kept.rows.with)} with it, ${formatCount(kept.rows.without)} without`,
    ),
  );
  terminal.note(labelled(terminal, 'attribute', attributeLine(options.name, kept)));
  terminal.note(labelled(terminal, 'model', `${output}, ${formatBytes(bytes)}`));
  if (options.json === true) {
    const { name } = options;
    await terminal.data(`${JSON.stringify({ model: output, bytes, name, ...kept })}\n`);
  }
  return exitCodes.done;
}
