import type { ImageFailure, WriterColumn } from '@unlikely/data';
import { formatCount } from '@unlikely/report/words';
import { defined } from '../../command/defined.ts';
import { labelled } from '../../command/tell/labelled.ts';
import type { Scoring } from '../face.ts';
import type { CommandOptions } from '../kind-flags.ts';
import { makeGallery } from '../../report/gallery.ts';
import { writeGallery } from './write-gallery.ts';
import { openKeptLabel } from './input.ts';
import type { ImageSession } from './session.ts';

/** The scoring of images: their names beside the scores, and on request a gallery. */
export async function imageScoring(
  { detector, run, opened, tell }: ImageSession,
  { input, keep, gallery }: CommandOptions<'score'>,
): Promise<Scoring> {
  const failures: ImageFailure[] = [];
  const source = opened(
    await openKeptLabel(input, keep, (pass) => {
      failures.push(...pass.failures);
      tell(pass);
    }),
  );
  const labelColumns = (keep ?? []).map((name): WriterColumn => ({ name, type: 'text' }));
  return {
    count: source.count,
    columns: [[{ name: 'name', type: 'text' }], labelColumns],
    isKept: true,
    needsScores: gallery !== undefined,
    async *batches() {
      for await (const batch of detector.score(source, { signal: run.signal })) {
        // Pixels are let go as soon as they are scored.
        const { rows, rowNumbers, names, labels, score, standardError, pValue } = batch;
        const columns = {
          name: names,
          ...Object.fromEntries(labelColumns.map(({ name }) => [name, labels!])),
        };
        yield {
          rows,
          rowNumbers,
          score,
          standardError,
          pValue,
          columns: () => Promise.resolve(columns),
        };
      }
    },
    async finish(scores) {
      const facts = { unreadable: failures, ...defined({ gallery }) };
      if (gallery === undefined) return { lines: [], facts };
      const files = await writeGallery(gallery, await makeGallery(detector, source, { scores }));
      const words = `${gallery}, ${formatCount(files)} PNG files`;
      return { lines: [labelled(run, 'gallery', words)], facts };
    },
  };
}
