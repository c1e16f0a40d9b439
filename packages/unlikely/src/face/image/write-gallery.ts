import { join } from 'node:path';
import { imageGrid, writePng } from '@unlikely/data';
import { galleryPadding as padding } from '../../report/gallery.ts';
import type { Gallery } from '../../report/gallery.ts';
import { makeFolder } from '../../command/make-folder.ts';
import { plainName } from './image-levels.ts';

/** Panels are enlarged to about this many pixels. */
const panelSide = 128;

/**
 * Writes `least-likely.png` and `most-likely.png`, a line an image, and a file for each image with its
 * rank. Returns how many files there are.
 */
export async function writeGallery(folder: string, gallery: Gallery): Promise<number> {
  await makeFolder(folder);
  let files = 0;
  for (const [kind, entries] of [
    ['least-likely', gallery.leastLikely],
    ['most-likely', gallery.mostLikely],
  ] as const) {
    const [first] = entries;
    if (first === undefined) continue;
    const { width, height } = first.panels[0];
    const scale = Math.max(1, Math.round(panelSide / Math.max(width, height)));
    const together = entries.flatMap(({ panels }) => panels);
    await writePng(
      join(folder, `${kind}.png`),
      imageGrid(together, { columns: 6, padding: padding * scale, scale }),
    );
    for (const [index, { name, panels }] of entries.entries()) {
      const rank = String(index + 1).padStart(2, '0');
      await writePng(
        join(folder, `${kind}-${rank}-${plainName(name)}.png`),
        imageGrid(panels, { columns: 3, padding: padding * scale, scale }),
      );
    }
    files += entries.length + 1;
  }
  return files;
}
