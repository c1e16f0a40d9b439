import { rowOrderWords } from '@unlikely/detect';
import type { Detector, Manifest } from '@unlikely/detect';
import { formatCount, formatNumber, formatShare, sensitivity } from '@unlikely/report/words';
import type { Canvas } from '../../command/run/terminal.ts';
import { labelled } from '../../command/tell/labelled.ts';
import { shown } from '../../command/tell/shown.ts';
import { textTable } from '../../command/tell/text-table.ts';
import type { Inspection } from '../face.ts';
import { contaminationLines } from './contamination-lines.ts';
import { modelLines } from './model-lines.ts';
import { powerTable } from './power-lines.ts';

/** What the file of a model of tables says of itself. */
export function inspectionOfTable({ manifest }: Detector, page: Canvas): Inspection {
  const {
    history,
    label,
    health,
    posterior: _posterior,
    knownRows: _knownRows,
    ...told
  } = manifest;
  const { power } = health;
  return {
    head: [
      ...(label === undefined
        ? []
        : [labelled(page, 'label', `${label.column}; normal: ${label.normal.join(', ')}`)]),
      ...modelLines(manifest, page),
      ...contaminationLines(manifest, page),
    ],
    loss: `, of which KL ${formatNumber(history.kl.at(-1) ?? NaN)}`,
    figures: [
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
      ...orderLines(manifest, page),
    ],
    tables: [
      ...(power === undefined ? [] : ['', ...powerTable(power, page)]),
      '',
      ...columnTable(manifest, page),
    ],
    facts: { ...told, history, health, ...(label === undefined ? {} : { label }) },
  };
}

function orderLines({ rowOrder }: Manifest, page: Canvas): string[] {
  if (rowOrder === undefined) return [];
  const words = rowOrderWords(rowOrder);
  return [
    labelled(
      page,
      'order',
      words === undefined
        ? 'blocks of rows that the networks did not see score like rows at random'
        : `${words}; thresholds are raised to that`,
    ),
  ];
}

function columnTable(manifest: Manifest, page: Canvas): string[] {
  const { schema, health } = manifest;
  const nameWidth = Math.min(
    28,
    Math.max('column'.length, ...schema.columns.map(({ name }) => shown(name).length)),
  );
  const fixed = 'categorical  missing  distinct   finds'.length + 8;
  const right = { align: 'right' } as const;
  return [
    ...textTable(
      [
        { maximum: nameWidth },
        {},
        right,
        right,
        right,
        { maximum: Math.max(30, page.width - nameWidth - fixed) },
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
    ...(health.power === undefined
      ? []
      : [
          page.paint.dim(
            `  finds: the least shift of which half is found, in standard deviations (σ) of the column; of`,
          ),
          page.paint.dim('  categories the share that is found where one is exchanged for another'),
        ]),
  ];
}

/** Of a column with several fields that of the one where most is found. */
function sensitivityOf(column: string, { schema, health }: Manifest): string {
  const names = schema.fields.filter((field) => field.column === column).map(({ name }) => name);
  const own = (health.power?.fields ?? []).filter(({ field }) => names.includes(field));
  const best = own.toSorted((a, b) => (b.found.at(-1) ?? 0) - (a.found.at(-1) ?? 0))[0];
  return best === undefined ? '–' : sensitivity(best);
}
