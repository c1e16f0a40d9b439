import { stat } from 'node:fs/promises';
import { ImageDetector, imageWords } from '@unlikely/detect';
import { formatNumber, formatShare } from '@unlikely/report/words';
import { nodePlatform } from '../../platform.ts';
import { attributeLine } from '../attribute-line.ts';
import { exitCodes } from '../run/exit-code.ts';
import type { ExitCode } from '../run/exit-code.ts';
import type { InspectOptions } from '../inspect.ts';
import { storedWords } from '../stored-words.ts';
import { labelled } from '../labelled.ts';
import type { Terminal } from '../run/terminal.ts';
import { textTable } from '../text-table.ts';
import { formatBytes } from '../units.ts';
import { imageModelLines } from './image-lines.ts';

/** `unlikely inspect` of an image model: what the file says of itself. */
export async function inspectImages(
  options: InspectOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  await using detector = await ImageDetector.load(options.model, nodePlatform());
  const { manifest } = detector;
  const { page } = terminal;
  const { size } = await stat(options.model);
  if (options.json === true) {
    const { knownRows: _knownRows, ...told } = manifest;
    await terminal.data(`${JSON.stringify({ model: options.model, bytes: size, ...told })}\n`);
    return exitCodes.done;
  }
  const { history, version, fingerprint, choice } = manifest;
  const threshold = (rate: number): string => {
    try {
      return `${formatNumber(detector.threshold(rate))} (${formatShare(rate)})`;
    } catch {
      return `none (${formatShare(rate)}: too few calibration images)`;
    }
  };
  const file = `${options.model}, ${formatBytes(size)}, written by Unlikely ${version}`;
  const [first, last] = [history.loss[0] ?? NaN, history.loss.at(-1) ?? NaN];
  const powers = [...choice.power].sort((a, b) => b.mean - a.mean);
  const kinds = Object.keys(powers[0]?.byKind ?? {});
  const lines = [
    labelled(page, 'model', file),
    ...imageModelLines(manifest, page),
    labelled(page, 'loss', `${formatNumber(first)} at first, ${formatNumber(last)} at last`),
    labelled(page, 'thresholds', [0.05, 0.01, 0.001].map(threshold).join('   ')),
    ...Object.entries(detector.latent.attributes).map(([name, attribute]) =>
      labelled(page, 'attribute', attributeLine(name, attribute)),
    ),
    labelled(page, 'stored', storedWords(manifest, imageWords)),
    labelled(page, 'trained on', `images with the fingerprint ${fingerprint.slice(0, 16)}`),
    ...(powers.length === 0
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
        ]),
  ];
  await terminal.print(lines);
  return exitCodes.done;
}
