import type { Point } from './chart.ts';
import { formatRatio, formatShare } from './format.ts';
import { html, type Html } from './html.ts';
import { plotFigure } from './plot-figure.ts';
import type { CurvePoint, ReportEvaluation } from './report-data.ts';
import type { Words } from '@unlikely/detect';

const share = (value: number): string => formatShare(value);
const unit = [0, 1] as const;

/** The receiver operating characteristic: anomalies found against false alarms. */
export function rocFigure({ roc, metrics }: ReportEvaluation, words: Words): Html {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = metrics.atThreshold;
  const [falseRate, trueRate] = [
    falsePositives / (falsePositives + trueNegatives),
    truePositives / (truePositives + falseNegatives),
  ];
  return plotFigure({
    title: 'ROC curve',
    chart: {
      x: { label: `normal ${words.many} flagged`, domain: unit, format: share, ticks: 5 },
      y: { label: 'anomalies found', domain: unit, format: share, ticks: 5 },
      layers: [
        {
          kind: 'line',
          points: [
            [0, 0],
            [1, 1],
          ],
          ink: 'muted',
          dashed: true,
        },
        { kind: 'line', points: roc.map(place), ink: 'normal' },
        { kind: 'dots', points: [[falseRate, trueRate]], ink: 'anomaly', radius: 5 },
      ],
    },
    keys: [
      { mark: 'line', ink: 'normal', label: 'this model' },
      { mark: 'dashed', ink: 'muted', label: 'guessing' },
      { mark: 'dot', ink: 'anomaly', label: 'the threshold' },
    ],
    description: `The area under the curve is ${formatRatio(metrics.auroc)}.`,
    caption: html`Area under the curve: <strong>${formatRatio(metrics.auroc)}</strong>. It is the
      chance that an anomaly scores higher than a normal ${words.one}. At the threshold
      ${formatShare(trueRate)} of the anomalies are found and ${formatShare(falseRate)} of the
      normal ${words.many} are flagged.`,
  });
}

/** Precision against recall, with the share of anomalies as what guessing attains. */
export function precisionRecallFigure(
  { precisionRecall, metrics, rows, anomalies }: ReportEvaluation,
  words: Words,
): Html {
  const { precision, recall } = metrics.atThreshold;
  const prevalence = anomalies / rows;
  const threshold: readonly Point[] =
    precision === null || recall === null ? [] : [[recall, precision]];
  return plotFigure({
    title: 'Precision and recall',
    chart: {
      x: { label: 'anomalies found (recall)', domain: unit, format: share, ticks: 5 },
      y: {
        label: `flagged ${words.many} that are anomalies (precision)`,
        domain: unit,
        format: share,
        ticks: 5,
      },
      layers: [
        {
          kind: 'line',
          points: [
            [0, prevalence],
            [1, prevalence],
          ],
          ink: 'muted',
          dashed: true,
        },
        { kind: 'line', points: precisionRecall.map(place), ink: 'normal' },
        { kind: 'dots', points: threshold, ink: 'anomaly', radius: 5 },
      ],
    },
    keys: [
      { mark: 'line', ink: 'normal', label: 'this model' },
      { mark: 'dashed', ink: 'muted', label: 'guessing' },
      { mark: 'dot', ink: 'anomaly', label: 'the threshold' },
    ],
    description: `The average precision is ${formatRatio(metrics.averagePrecision)}.`,
    caption: html`Average precision: <strong>${formatRatio(metrics.averagePrecision)}</strong>;
      guessing attains ${formatRatio(prevalence)}, the share of anomalies among these ${words.many}.
      It depends on that share, the area under the ROC curve does not.`,
  });
}

/** Promised against observed false positive rates, both logarithmic. */
export function calibrationFigure({ calibration }: ReportEvaluation, words: Words): Html {
  const promised = calibration.map((point) => point.promised);
  // A logarithm has no place for "none observed": such points lie on the lower edge.
  const floor = Math.min(...promised) / 4;
  const above = (value: number): number => Math.max(value, floor);
  const broken = calibration.filter(({ observed, bound }) => observed > bound);
  const axis = {
    scale: 'log',
    domain: [floor, 1],
    format: share,
    ticks: [0.001, 0.01, 0.1, 1],
  } as const;
  return plotFigure({
    title: 'Promised and observed false alarms',
    chart: {
      x: { ...axis, label: 'promised' },
      y: { ...axis, label: 'observed' },
      layers: [
        {
          kind: 'line',
          points: [
            [floor, floor],
            [1, 1],
          ],
          ink: 'muted',
          dashed: true,
        },
        {
          kind: 'line',
          points: calibration.map((point) => [point.promised, above(point.bound)]),
          ink: 'muted',
        },
        {
          kind: 'dots',
          points: calibration.map((point) => [point.promised, above(point.observed)]),
          ink: 'normal',
          radius: 4,
        },
        {
          kind: 'dots',
          points: broken.map((point) => [point.promised, above(point.observed)]),
          ink: 'anomaly',
          radius: 5,
        },
      ],
    },
    keys: [
      { mark: 'dot', ink: 'normal', label: 'observed' },
      { mark: 'dashed', ink: 'muted', label: 'as promised' },
      { mark: 'line', ink: 'muted', label: '99 % bound' },
    ],
    description: calibrationFinding(calibration.length, broken.length, words),
    caption: html`${calibrationFinding(calibration.length, broken.length, words)} Normal
    ${words.many} with a p-value of at most the promised rate. An honest promise stays below the
    bound 99 times in 100.`,
  });
}

function calibrationFinding(rates: number, broken: number, words: Words): string {
  return broken === 0
    ? `All ${rates} promises hold.`
    : `${broken} of ${rates} promises ${broken === 1 ? 'is' : 'are'} broken: normal ${words.many} here differ from those the model was calibrated on.`;
}

function place({ x, y }: CurvePoint): Point {
  return [x, y];
}
