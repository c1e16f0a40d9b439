import { baselineTitles } from '@unlikely/detect';
import type { Evaluation, Words } from '@unlikely/detect';
import {
  evaluationNotes,
  formatCount,
  formatRatio,
  formatShare,
  isMeasured,
  leftOutRows,
  unmeasuredReason,
} from '@unlikely/report/words';
import { labelled } from './labelled.ts';
import type { Canvas } from '../run/terminal.ts';
import { textTable } from './text-table.ts';

const mostValues = 12;

export interface EvaluationWords {
  readonly words: Words;
  /** What the simple methods learnt from, where that has a name of its own. */
  readonly learnt?: string;
}

/** An evaluation in tables: the metrics, the baselines beside them, and which anomalies are found. */
export function evaluationLines(
  evaluation: Evaluation,
  canvas: Canvas,
  { words, learnt }: EvaluationWords,
): string[] {
  const { paint } = canvas;
  const { rows, anomalies, atThreshold, best, baselines } = evaluation;
  if (!isMeasured(evaluation)) return unmeasuredLines(evaluation, canvas, words);
  const isRanked = evaluation.auroc !== null;
  const lines = [
    labelled(
      canvas,
      `${words.many}`,
      `${formatCount(rows)}, of which ${formatCount(anomalies)} are anomalies (${formatShare(anomalies / rows)})`,
    ),
    ...noteLines(evaluation, canvas, words),
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
          `for ${formatShare(atThreshold.promisedRate)} of normal ${words.many}`,
          ...confusionCells(atThreshold, isRanked),
        ],
        ...(best === null ? [] : [['best F1 on these labels', ...confusionCells(best, isRanked)]]),
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
        `  More normal ${words.many} are flagged than promised: they differ from those of training.`,
      ),
    );
  }
  if (baselines.length > 0 && isRanked)
    lines.push('', ...baselineTable(evaluation, canvas, words, learnt));
  const kinds = evaluation.byValue.filter(({ normal }) => !normal);
  if (kinds.length > 1) {
    const shown = kinds.slice(0, mostValues);
    lines.push(
      '',
      ...textTable(
        [{ maximum: 30 }, { align: 'right' }, { align: 'right' }, { align: 'right' }],
        ['anomaly', `${words.many}`, 'flagged', 'AUROC'],
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

function unmeasuredLines(evaluation: Evaluation, canvas: Canvas, words: Words): string[] {
  const help =
    evaluation.leftOut.known === 0
      ? `Give ${words.many} whose label is known.`
      : `Give other ${words.many}; train --label keeps some to test on. With --all-rows these count as well.`;
  return [
    `${canvas.paint.yellow('warning     ')}nothing is measured: ${unmeasuredReason(evaluation, words)}`,
    labelled(canvas, '', help),
  ];
}

/** Which rows the figures are of, where they are not of all. */
export function noteLines(evaluation: Evaluation, canvas: Canvas, words: Words): string[] {
  if (!isMeasured(evaluation)) return unmeasuredLines(evaluation, canvas, words);
  const under = (label: string, lines: readonly string[]): string[] =>
    lines.map((line, index) => labelled(canvas, index === 0 ? label : '', line));
  const [first, ...others] = leftOutRows(evaluation, words);
  const isKnown = evaluation.leftOut.known > 0;
  return [
    ...under(
      'left out',
      first === undefined ? [] : [isKnown ? `${first}; --all-rows counts them` : first, ...others],
    ),
    ...under('note', evaluationNotes(evaluation, words)),
  ];
}

/** @param isRanked Whether there are rows of both classes: precision, F1 and accuracy of one say nothing. */
function confusionCells(confusion: NonNullable<Evaluation['best']>, isRanked: boolean): string[] {
  const { precision, recall, f1, accuracy, falsePositiveRate } = confusion;
  const ofBoth = (ratio: number | null): string => formatRatio(isRanked ? ratio : null);
  return [
    ofBoth(precision),
    formatRatio(recall),
    ofBoth(f1),
    ofBoth(accuracy),
    falsePositiveRate === null ? '–' : formatShare(falsePositiveRate),
  ];
}

function baselineTable(
  { baselines }: Evaluation,
  { paint }: Canvas,
  words: Words,
  learnt: string | undefined,
): string[] {
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
      `  measured on ${formatCount(baselines[0]!.rows)} ${words.many}; the others learnt from ${
        learnt ?? learntFrom(baselines[0]!, words)
      }`,
    ),
  ];
}

function learntFrom({ reference }: Evaluation['baselines'][number], words: Words): string {
  if (reference !== 'reference table') return `the other half of the normal ${words.many}`;
  return `the reference ${words.many}`;
}
