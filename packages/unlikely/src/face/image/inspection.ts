import type { ImageDetector } from '@unlikely/detect';
import type { Canvas } from '../../command/run/terminal.ts';
import { textTable } from '../../command/tell/text-table.ts';
import type { Inspection } from '../face.ts';
import { imageModelLines } from './image-lines.ts';

/** What the file of a model of images says of itself. */
export function inspectionOfImages({ manifest }: ImageDetector, page: Canvas): Inspection {
  const { knownRows: _knownRows, ...facts } = manifest;
  const powers = [...manifest.choice.power].sort((a, b) => b.mean - a.mean);
  const kinds = Object.keys(powers[0]?.byKind ?? {});
  return {
    head: imageModelLines(manifest, page),
    loss: '',
    figures: [],
    tables:
      powers.length === 0
        ? []
        : [
            '',
            'AUROC of each score against anomalies injected into held-out normal images:',
            ...textTable(
              [{}, ...['mean', ...kinds].map(() => ({ align: 'right' }) as const)],
              ['score', 'mean', ...kinds],
              powers.map(({ name, mean, byKind }) => [
                name,
                mean.toFixed(3),
                ...Object.values(byKind).map((power) => power.toFixed(2)),
              ]),
              { paintHead: page.paint.dim },
            ),
          ],
    facts,
  };
}
