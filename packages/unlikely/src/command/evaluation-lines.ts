import { baselineTitles } from '@unlikely/detect';
import type { Evaluation } from '@unlikely/detect';
import { formatCount, formatRatio, formatShare } from '../report/format.ts';
import { labelled } from './labelled.ts';
import type { Noun } from '../report/wording.ts';
import type { Canvas } from './terminal.ts';
import { textTable } from './text-table.ts';

const mostValues = 12;

/** An evaluation in tables: the metrics, the baselines beside them, and which anomalies are found. */
export function evaluationLines(
  evaluation: Evaluation,
  canvas: Canvas,
  noun: Noun = 'row',
): string[] {
  const { paint } = canvas;
  const { rows, anomalies, atThreshold, best, baselines } = evaluation;
  const lines = [
    labelled(
      canvas,
      `${noun}s`,
      `${formatCount(rows)}, of which ${formatCount(anomalies)} are anomalies (${formatShare(anomalies / rows)})`,
    ),
    labelled(
      canvas,
      'ranking',
      `AUROC ${paint.bold(formatRatio(evaluation.auroc))}   average precision ${formatRatio(evaluation.averagePrecision)}`,
    ),
    '',
    ...textTable(
      [
        {},
        { align: 'right' },
        { align: 'right' },
        { align: 'right' },
        { align: 'right' },
        { align: 'right' },
      ],
      ['threshold', 'precision', 'recall', 'F1', 'accuracy', 'false positives'],
      [
        [
          `for ${formatShare(atThreshold.promisedRate)} of normal ${noun}s`,
          ...confusionCells(atThreshold),
        ],
        ...(best === null ? [] : [['best F1 on these labels', ...confusionCells(best)]]),
      ],
      { paintHead: paint.dim },
    ),
  ];
  const broken = evaluation.calibration?.find(
    ({ promised, holds }) => !holds && promised === atThreshold.promisedRate,
  );
  if (broken !== undefined) {
    lines.push(
      paint.yellow(
        `  More normal ${noun}s are flagged than promised: they differ from those of training.`,
      ),
    );
  }
  if (baselines.length > 0) lines.push('', ...baselineTable(evaluation, canvas, noun));
  const kinds = evaluation.byValue.filter(({ normal }) => !normal);
  if (kinds.length > 1) {
    const shown = kinds.slice(0, mostValues);
    lines.push(
      '',
      ...textTable(
        [{ maximum: 30 }, { align: 'right' }, { align: 'right' }, { align: 'right' }],
        ['anomaly', `${noun}s`, 'flagged', 'AUROC'],
        shown.map(({ value, rows: count, flagged, auroc }) => [
          value,
          formatCount(count),
          formatCount(flagged),
          formatRatio(auroc),
        ]),
        { paintHead: paint.dim },
      ),
    );
    if (shown.length < kinds.length) {
      lines.push(paint.dim(`  … and ${kinds.length - shown.length} more kinds; --json lists all`));
    }
  }
  return lines;
}

function confusionCells(confusion: NonNullable<Evaluation['best']>): string[] {
  const { precision, recall, f1, accuracy, falsePositiveRate } = confusion;
  return [
    ...[precision, recall, f1, accuracy].map(formatRatio),
    falsePositiveRate === null ? '–' : formatShare(falsePositiveRate),
  ];
}

function baselineTable({ baselines }: Evaluation, { paint }: Canvas, noun: Noun): string[] {
  const ours = baselines[0]!.ours;
  const entries = [
    { name: 'unlikely', auroc: ours, precision: '' },
    ...baselines.map(({ name, auroc, averagePrecision }) => ({
      name: baselineTitles[name],
      auroc,
      precision: formatRatio(averagePrecision),
    })),
  ].sort((a, b) => (b.auroc ?? 0) - (a.auroc ?? 0));
  return [
    ...textTable(
      [{}, { align: 'right' }],
      ['method', 'AUROC'],
      entries.map(({ name, auroc }) => [name, formatRatio(auroc)]),
      {
        paintHead: paint.dim,
        paintRow: (line, row) => (entries[row]!.name === 'unlikely' ? paint.bold(line) : line),
      },
    ),
    paint.dim(
      `  measured on ${formatCount(baselines[0]!.rows)} ${noun}s; the others learnt from ${
        baselines[0]!.reference === 'reference table'
          ? noun === 'row'
            ? 'the reference table'
            : 'the reference images'
          : `the other half of the normal ${noun}s`
      }`,
    ),
  ];
}
