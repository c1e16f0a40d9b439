import { stat } from 'node:fs/promises';
import { nodeFiles } from '@unlikely/data/node-files';
import { Detector, modelKindOf } from '@unlikely/detect';
import type { Manifest } from '@unlikely/detect';
import { formatCount, formatNumber, formatShare, sensitivity } from '@unlikely/report/words';
import { nodePlatform } from '../platform.ts';
import { contaminationLines } from './contamination-lines.ts';
import { attributeLine } from './attribute-line.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { labelled } from './labelled.ts';
import { storedWords } from './stored-words.ts';
import { modelLines } from './model-lines.ts';
import { powerTable } from './power-lines.ts';
import { shown } from './run/shown.ts';
import type { Run } from './run/run.ts';
import { textTable } from './text-table.ts';
import { formatBytes } from './units.ts';

export interface InspectOptions {
  readonly model: string;
  readonly json?: boolean;
}

/** `unlikely inspect`: what a model file says of itself. */
export async function inspect(options: InspectOptions, terminal: Run): Promise<ExitCode> {
  if ((await modelKindOf(options.model, nodeFiles)) === 'image') {
    return (await import('./image/inspect-images.ts')).inspectImages(options, terminal);
  }
  return inspectTableModel(options, terminal);
}

async function inspectTableModel(options: InspectOptions, terminal: Run): Promise<ExitCode> {
  await using detector = await Detector.load(options.model, nodePlatform());
  const { manifest } = detector;
  const { page } = terminal;
  const { size } = await stat(options.model);
  if (options.json === true) {
    // The codes are the model's, not for readers.
    const { posterior: _posterior, knownRows: _knownRows, ...told } = manifest;
    await terminal.data(`${JSON.stringify({ model: options.model, bytes: size, ...told })}\n`);
    return exitCodes.done;
  }
  const { schema, history, label, version, fingerprint, health } = manifest;
  const { power } = health;
  const threshold = (rate: number): string => {
    try {
      return `${formatNumber(detector.threshold(rate))} (${formatShare(rate)})`;
    } catch {
      return `none (${formatShare(rate)}: too few calibration rows)`;
    }
  };
  const nameWidth = Math.min(
    28,
    Math.max('column'.length, ...schema.columns.map(({ name }) => shown(name).length)),
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
    labelled(
      page,
      'latent',
      `KL of each unit ${history.klPerUnit.map((nats) => formatNumber(Number(nats.toFixed(2)))).join(', ')} nats`,
    ),
    labelled(
      page,
      'variance',
      `${formatShare(health.atFloor)} of the numeric columns at the floor, ${formatShare(health.atCap)} at the cap`,
    ),
    labelled(
      page,
      'scores',
      `${formatShare(health.distinctScores)} of those of the calibration rows differ; they lie ${formatNumber(Number(Math.abs(health.gap).toFixed(2)))} deviations ${health.gap < 0 ? 'below' : 'above'} those of the training rows`,
    ),
    labelled(page, 'thresholds', [0.05, 0.01, 0.001].map(threshold).join('   ')),
    ...Object.entries(detector.latent.attributes).map(([name, attribute]) =>
      labelled(page, 'attribute', attributeLine(name, attribute)),
    ),
    labelled(page, 'stored', storedWords(manifest)),
    labelled(page, 'trained on', `rows with the fingerprint ${fingerprint.slice(0, 16)}`),
    ...(power === undefined ? [] : ['', ...powerTable(power, page)]),
    '',
    ...textTable(
      [
        { maximum: nameWidth },
        {},
        { align: 'right' },
        { align: 'right' },
        { align: 'right' },
        {
          maximum: Math.max(
            30,
            page.width - nameWidth - 'categorical  missing  distinct   finds'.length - 8,
          ),
        },
      ],
      [`column`, 'kind', 'missing', 'distinct', 'finds', 'why'],
      schema.columns.map(({ name, kind, missing, distinct, reason }) => [
        name,
        kind,
        formatShare(missing),
        formatCount(distinct),
        sensitivityOf(name, manifest),
        reason,
      ]),
      { paintHead: page.paint.dim },
    ),
    ...(power === undefined
      ? []
      : [
          page.paint.dim(
            `  finds: the least shift of which half is found, in standard deviations (σ) of the column; of`,
          ),
          page.paint.dim('  categories the share that is found where one is exchanged for another'),
        ]),
  ];
  await terminal.print(lines);
  return exitCodes.done;
}

/** Of a column with several fields that of the one where most is found. */
function sensitivityOf(column: string, { schema, health }: Manifest): string {
  const names = schema.fields.filter((field) => field.column === column).map(({ name }) => name);
  const own = (health.power?.fields ?? []).filter(({ field }) => names.includes(field));
  const best = own.toSorted((a, b) => (b.found.at(-1) ?? 0) - (a.found.at(-1) ?? 0))[0];
  return best === undefined ? '–' : sensitivity(best);
}
