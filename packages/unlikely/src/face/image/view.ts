import type { ImageBatch } from '@unlikely/data';
import { defined } from '../../command/defined.ts';
import type { Seen, View } from '../face.ts';
import type { CommandOptions } from '../kind-flags.ts';
import { openImageInput } from './input.ts';
import type { ImageSession } from './session.ts';

/** Images as their model sees them. */
export async function imageView(
  { detector, run, opened, tell }: ImageSession,
  options: CommandOptions<'plot'> & { readonly input: string },
): Promise<View> {
  const { signal } = run;
  const { labels: areShown } = options;
  const label = areShown ? options.label : undefined;
  const images = opened(await openImageInput(options.input, defined({ label }), areShown, tell));
  const named = images.labels === undefined || !areShown ? undefined : (label ?? 'label');
  return {
    count: images.count,
    ...defined({ label: named }),
    axes: { error: 'mean squared error of a pixel, levels from 0 to 1', score: 'score' },
    async *batches({ codes = false, scores = false, errors = false }, stride) {
      for await (const batch of images.batches(detector.manifest.schema, { signal })) {
        const some = everyNth(batch, stride);
        if (some.rows === 0) continue;
        // Scores take ten times as long as codes.
        const seen: Seen = {
          rows: some.rows,
          ...(codes ? { codes: await detector.latent.encode(some, { signal }) } : {}),
          ...(scores ? { scores: (await detector.scoreImages(some)).score } : {}),
          ...(errors
            ? { errors: squaredErrors(some, (await detector.reconstruct(some, { signal })).data) }
            : {}),
          ...defined({ labels: named === undefined ? undefined : some.labels }),
        };
        yield seen;
      }
    },
  };
}

type Some = Pick<ImageBatch, 'data' | 'rows' | 'labels'>;

/** The images of a batch whose place in the source is a multiple of `stride`. */
function everyNth(batch: ImageBatch, stride: number): Some {
  const places = [...batch.rowNumbers.keys()].filter(
    (index) => batch.rowNumbers[index]! % stride === 0,
  );
  const length = batch.data.length / Math.max(1, batch.rows);
  const data = new Float32Array(places.length * length);
  places.forEach((place, index) => {
    data.set(batch.data.subarray(place * length, (place + 1) * length), index * length);
  });
  const { labels } = batch;
  return {
    data,
    rows: places.length,
    ...(labels === undefined ? {} : { labels: places.map((place) => labels[place]!) }),
  };
}

/** Of each image, over all pixels and channels. */
function squaredErrors({ data, rows }: Some, expected: Float32Array): Float64Array {
  const length = data.length / Math.max(1, rows);
  const errors = new Float64Array(rows);
  data.forEach((value, at) => {
    errors[Math.floor(at / length)]! += (value - expected[at]!) ** 2 / length;
  });
  return errors;
}
