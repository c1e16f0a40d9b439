import { stat } from 'node:fs/promises';
import { Detector } from '@unlikely/detect';
import { formatCount, formatNumber, formatShare } from '../report/format.ts';
import { nodePlatform } from '../platform.ts';
import { contaminationLines } from './contamination-lines.ts';
import { attributeLine } from './attribute-line.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { labelled } from './labelled.ts';
import { modelLines } from './model-lines.ts';
import type { Terminal } from './terminal.ts';
import { textTable } from './text-table.ts';
import { formatBytes } from './units.ts';

export interface InspectOptions {
  readonly model: string;
  readonly json?: boolean;
}

/** `unlikely inspect`: what a model file says of itself. */
export async function inspect(options: InspectOptions, terminal: Terminal): Promise<ExitCode> {
  await using detector = await Detector.load(options.model, nodePlatform());
  const { manifest } = detector;
  const { page } = terminal;
  const { size } = await stat(options.model);
  if (options.json === true) {
    // The codes are the model's, not for readers.
    const { posterior: _posterior, ...told } = manifest;
    await terminal.data(`${JSON.stringify({ model: options.model, bytes: size, ...told })}\n`);
    return exitCodes.done;
  }
  const { schema, history, label, version, fingerprint } = manifest;
  const threshold = (rate: number): string => {
    try {
      return `${formatNumber(detector.threshold(rate))} (${formatShare(rate)})`;
    } catch {
      return `none (${formatShare(rate)}: too few calibration rows)`;
    }
  };
  const nameWidth = Math.min(
    28,
    Math.max('column'.length, ...schema.columns.map(({ name }) => name.length)),
  );
  const lines = [
    labelled(
      page,
      'model',
      `${options.model}, ${formatBytes(size)}, written by Unlikely ${version}`,
    ),
    ...(label === undefined
      ? []
      : [labelled(page, 'label', `${label.column}; normal: ${label.normal.join(', ')}`)]),
    ...modelLines(manifest, page),
    ...contaminationLines(manifest, page),
    labelled(
      page,
      'loss',
      `${formatNumber(history.loss[0] ?? NaN)} at first, ${formatNumber(history.loss.at(-1) ?? NaN)} at last, of which KL ${formatNumber(history.kl.at(-1) ?? NaN)}`,
    ),
    labelled(page, 'thresholds', [0.05, 0.01, 0.001].map(threshold).join('   ')),
    ...Object.entries(detector.attributes).map(([name, attribute]) =>
      labelled(page, 'attribute', attributeLine(name, attribute)),
    ),
    labelled(page, 'trained on', `rows with the fingerprint ${fingerprint.slice(0, 16)}`),
    '',
    ...textTable(
      [
        { maximum: nameWidth },
        {},
        { align: 'right' },
        { align: 'right' },
        {
          maximum: Math.max(
            30,
            page.width - nameWidth - 'categorical  missing  distinct'.length - 6,
          ),
        },
      ],
      [`column`, 'kind', 'missing', 'distinct', 'why'],
      schema.columns.map(({ name, kind, missing, distinct, reason }) => [
        name,
        kind,
        formatShare(missing),
        formatCount(distinct),
        reason,
      ]),
      { paintHead: page.paint.dim },
    ),
  ];
  await terminal.data(`${lines.join('\n')}\n`);
  return exitCodes.done;
}
