import type { ImageBatch, ImageSource, WriterColumn } from '@unlikely/data';
import { ImageDetector, codeColumns, imageWords } from '@unlikely/detect';
import type { UnlikelyError } from '@unlikely/graph';
import { commandError } from '../../command-error.ts';
import { defined } from '../../command/defined.ts';
import type { Condition } from '../../command/parse-condition.ts';
import type { Run } from '../../command/run/run.ts';
import { progressOf } from '../../command/tell/progress.ts';
import type { OpenOptions, Session } from '../face.ts';
import { platformOf } from '../platform-of.ts';
import { tellPass } from './image-lines.ts';
import { openKeptLabel } from './input.ts';
import { inspectionOfImages } from './inspection.ts';
import { labelledImages } from './labelled.ts';
import { makingImages } from './make.ts';
import { imageScoring } from './score.ts';
import type { ImageSession } from './session.ts';
import { imageView } from './view.ts';

/** Opens a model of images. */
export async function openImageModel(
  model: string,
  options: OpenOptions,
  run: Run,
): Promise<Session> {
  const detector = await ImageDetector.load(model, platformOf(options, run));
  const resources: AsyncDisposable[] = [detector];
  const { schema: settings, configuration } = detector.manifest;
  const session: ImageSession = {
    detector,
    run,
    opened(resource) {
      resources.unshift(resource);
      return resource;
    },
    tell: (pass) => tellPass(pass, settings, run),
  };
  const { signal } = run;
  return {
    model: detector,
    inspection: (page) => inspectionOfImages(detector, page),
    scoring: (scored) => imageScoring(session, scored),
    labelled: (told) => labelledImages(session, told),
    async encode({ input, keep }) {
      const images = session.opened(await openKeptLabel(input, keep, session.tell));
      const names = codeColumns(configuration.latentSize);
      const labels = (keep ?? []).map((name): WriterColumn => ({ name, type: 'text' }));
      async function* batches() {
        for await (const batch of images.batches(settings, { signal })) {
          const { data } = await detector.latent.encode(batch, { signal });
          const unit = (index: number): Float64Array =>
            Float64Array.from(
              { length: batch.rows },
              (_, row) => data[row * names.length + index]!,
            );
          const columns = {
            row: batch.rowNumbers,
            name: batch.names,
            ...Object.fromEntries(names.map((name, index) => [name, unit(index)])),
            ...Object.fromEntries(labels.map(({ name }) => [name, batch.labels!])),
          };
          yield { rows: batch.rows, columns };
        }
      }
      return {
        columns: [
          { name: 'row', type: 'integer' },
          { name: 'name', type: 'text' },
          ...names.map((name): WriterColumn => ({ name, type: 'double' })),
          ...labels,
        ],
        batches: batches(),
        doing: 'encoding',
        done: `encoded as ${names.length} numbers each`,
      };
    },
    async attribute({ input }, present, absent) {
      const columns = [present, ...(absent === undefined ? [] : [absent])].map(columnOf);
      if (new Set(columns).size > 1) {
        throw invalid(`conditions on one label, got ${columns.join(' and ')}`);
      }
      const images = session.opened(await openKeptLabel(input, [columns[0]!]));
      const without = absent ?? { filter: present.complement, text: `not ${present.text}` };
      const sets = [imagesWhere(images, present), imagesWhere(images, without)] as const;
      const total = sets[0].count + sets[1].count;
      const show = progressOf(run, { doing: 'encoding', total, words: imageWords });
      let done = 0;
      async function* batchesOf(source: ImageSource): AsyncGenerator<ImageBatch> {
        for await (const batch of source.batches(settings, { signal })) {
          yield batch;
          show((done += batch.rows));
        }
      }
      const [with_, rest] = [batchesOf(sets[0]), batchesOf(sets[1])];
      return detector.latent.attributeVector(with_, rest, { signal });
    },
    view: (drawn) => imageView(session, drawn),
    make: makingImages(session),
    async [Symbol.asyncDispose]() {
      for (const each of resources) await each[Symbol.asyncDispose]();
    },
  };
}

function columnOf({ filter, text }: Pick<Condition, 'filter' | 'text'>): string {
  if (filter.compare === undefined) return filter.column;
  throw invalid(`labels to be equal or not, got ${JSON.stringify(text)}`);
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
