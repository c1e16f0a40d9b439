import type { ImageBatch, ImageSource } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import type { UnlikelyError } from '@unlikely/graph';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import type { AttributeOptions } from '../attribute.ts';
import { attributeLine } from '../attribute-line.ts';
import { defined } from '../defined.ts';
import { exitCodes } from '../run/exit-code.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { labelled } from '../labelled.ts';
import { parseCondition } from '../parse-condition.ts';
import type { Condition } from '../parse-condition.ts';
import { progressOf } from '../run/progress.ts';
import type { Run } from '../run/run.ts';
import { formatBytes } from '../units.ts';
import { openKeptLabel, refuseTableOptions } from './image-input.ts';
import { openImageModel } from './open-image-model.ts';

/** `unlikely attribute` on images: a direction of the latent space from one set of labels to another. */
export async function attributeImages(options: AttributeOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options);
  const present = parseCondition(options.with);
  const absent = options.without === undefined ? undefined : parseCondition(options.without);
  const columns = [present, ...(absent === undefined ? [] : [absent])].map(columnOf);
  if (new Set(columns).size > 1) {
    throw invalid(`conditions on one label, got ${columns.join(' and ')}`);
  }
  const output = options.output ?? options.model;
  terminal.promise('Stopping; the model stays as it is');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  const { schema: settings } = detector.manifest;
  await using images = await openKeptLabel({ input: options.input, keep: [columns[0]!] });
  const without = absent ?? { filter: present.complement, text: `not ${present.text}` };
  const sets = [imagesWhere(images, present), imagesWhere(images, without)] as const;
  const total = sets[0].count + sets[1].count;
  const show = progressOf(terminal, { doing: 'encoding', total, words: imageWords });
  let done = 0;
  async function* batchesOf(source: ImageSource): AsyncGenerator<ImageBatch> {
    for await (const batch of source.batches(settings, { signal })) {
      yield batch;
      show((done += batch.rows));
    }
  }
  const found = await detector.latent.attributeVector(batchesOf(sets[0]), batchesOf(sets[1]), {
    signal,
  });
  const { name } = options;
  const kept = { ...found, condition: { with: present.text, without: without.text } };
  detector.latent.keepAttribute(name, kept);
  const { bytes } = await detector.save(output);
  const counts = `${formatCount(kept.rows.with)} with it, ${formatCount(kept.rows.without)} without`;
  terminal.note(labelled(terminal, 'images', counts));
  terminal.note(labelled(terminal, 'attribute', attributeLine(name, kept)));
  terminal.note(labelled(terminal, 'model', `${output}, ${formatBytes(bytes)}`));
  if (options.json === true) {
    await terminal.data(`${JSON.stringify({ model: output, bytes, name, ...kept })}\n`);
  }
  return exitCodes.done;
}

function columnOf({ filter, text }: Condition): string {
  if (filter.compare !== undefined)
    throw invalid(`labels to be equal or not, got ${JSON.stringify(text)}`);
  return filter.column;
}

/** Throws `usage/invalid` where no image is meant, with the labels seen. */
function imagesWhere(
  images: ImageSource,
  { filter, text }: Pick<Condition, 'filter' | 'text'>,
): ImageSource {
  const chosen = images.where(defined({ in: filter.in, notIn: filter.notIn }));
  if (chosen.count > 0) return chosen;
  const seen = (images.labels ?? []).slice(0, 12).map(({ value }) => value ?? 'none');
  throw invalid(`images with ${text}, got none: the labels are ${seen.join(', ')}`);
}

function invalid(expected: string): UnlikelyError {
  return commandError('usage/invalid', `expected ${expected}`, {
    help: 'Such as label=smiling for the class folder smiling/, or of Parquet COLUMN=VALUE,VALUE.',
  });
}
