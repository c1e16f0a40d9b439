import { calibrationFigure, precisionRecallFigure, rocFigure } from './evaluation-figures.ts';
import { formatCount, formatRatio, formatScore, formatShare } from './format.ts';
import { cell, html, type Html } from './html.ts';
import type { ReportConfusion, ReportEvaluation } from './report-data.ts';
import { table } from './table.ts';
import type { Words } from '@unlikely/detect';
import { capitalised, formatItems } from './wording.ts';

/** What the labels say about the scores. */
export function evaluationSection(evaluation: ReportEvaluation, words: Words): Html {
  const { rows, anomalies, roc, calibration, byValue, baselines } = evaluation;
  return html`<section id="evaluation" aria-labelledby="evaluation-heading">
    <h2 id="evaluation-heading">Measured against the labels</h2>
    <p class="note">
      ${formatItems(rows, words)} with a label, ${formatCount(anomalies)} of them anomalous
      (${formatShare(rows === 0 ? 0 : anomalies / rows)}).
    </p>
    ${roc.length > 0 && html`<div class="pair">${rocFigure(evaluation, words)} ${precisionRecallFigure(evaluation, words)}</div>`}
    <div class="pair">
      ${baselines.length > 0 && baselineTable(evaluation, words)}
      ${confusionTable(evaluation, words)}
    </div>
    ${calibration.length > 0 && html`<div class="pair">${calibrationFigure(evaluation, words)} ${calibrationTable(evaluation, words)}</div>`}
    ${byValue.length > 0 && valueTable(evaluation, words)}
  </section>`;
}

function baselineTable({ metrics, baselines, rows }: ReportEvaluation, words: Words): Html {
  const all = [
    {
      name: 'this model',
      auroc: metrics.auroc,
      averagePrecision: metrics.averagePrecision,
      rows,
      ours: metrics.auroc,
    },
    ...baselines,
  ];
  const sampled = baselines.some((baseline) => baseline.rows !== rows);
  return table(
    html`<strong>Against the simple methods.</strong> A model that does not beat them is not worth
      its
      training.${sampled && ` Some were measured on fewer ${words.many}; beside them is the area under the ROC curve of this model on the same ${words.many}.`}`,
    [
      { heading: 'Method' },
      { heading: 'Area under ROC', number: true },
      { heading: 'Average precision', number: true },
      ...(sampled
        ? [
            { heading: capitalised(words.many), number: true },
            { heading: 'This model there', number: true },
          ]
        : []),
    ],
    all.map((entry) => [
      cell(entry.name),
      formatRatio(entry.auroc),
      formatRatio(entry.averagePrecision),
      ...(sampled ? [formatCount(entry.rows), formatRatio(entry.ours ?? entry.auroc)] : []),
    ]),
    (row) => row === 0,
  );
}

function confusionTable({ metrics }: ReportEvaluation, words: Words): Html {
  const { atThreshold, best } = metrics;
  const thresholds: readonly (readonly [string, ReportConfusion])[] = [
    ['At the threshold', atThreshold],
    ...(best === null ? [] : [['At the best threshold for these labels', best] as const]),
  ];
  const line = (name: string, value: (confusion: ReportConfusion) => string): readonly string[] => [
    name,
    ...thresholds.map(([, confusion]) => value(confusion)),
  ];
  return table(
    html`<strong>What the threshold does.</strong
      >${best !== null && ' The best threshold is known only after the labels: nobody can reach it without them.'}`,
    [{ heading: 'Measure' }, ...thresholds.map(([heading]) => ({ heading, number: true }))],
    [
      line('Score above', ({ threshold }) => formatScore(threshold)),
      line('Anomalies found', ({ truePositives }) => formatCount(truePositives)),
      line('Anomalies missed', ({ falseNegatives }) => formatCount(falseNegatives)),
      line(`Normal ${words.many} flagged`, ({ falsePositives }) => formatCount(falsePositives)),
      line(`Normal ${words.many} let pass`, ({ trueNegatives }) => formatCount(trueNegatives)),
      line('Precision', ({ precision }) => formatRatio(precision)),
      line('Recall', ({ recall }) => formatRatio(recall)),
      line('F1', ({ f1 }) => formatRatio(f1)),
    ],
  );
}

function calibrationTable({ calibration }: ReportEvaluation, words: Words): Html {
  return table(
    html`<strong>The promises in figures.</strong> Shares of the normal ${words.many}.`,
    [
      { heading: 'Promised' },
      { heading: 'Observed', number: true },
      { heading: '99 % bound', number: true },
      { heading: 'Kept' },
    ],
    calibration.map(({ promised, observed, bound }) => [
      formatShare(promised),
      formatShare(observed),
      formatShare(bound),
      observed <= bound ? 'yes' : html`<strong class="bad">no</strong>`,
    ]),
  );
}

function valueTable({ byValue }: ReportEvaluation, words: Words): Html {
  return table(
    html`<strong>By value of the label.</strong> Which kinds are found, and which are not.`,
    [
      { heading: 'Value' },
      { heading: capitalised(words.many), number: true },
      { heading: 'Flagged', number: true },
      { heading: 'Share' },
      { heading: 'Area under ROC', number: true },
    ],
    byValue.map(({ value, rows, flagged, auroc }) => {
      const share = rows === 0 ? 0 : flagged / rows;
      return [
        cell(value, 60),
        formatCount(rows),
        formatCount(flagged),
        html`<span class="part"
          ><span class="meter"><i style="width:${(share * 100).toFixed(1)}%"></i></span
          ><span>${formatShare(share)}</span></span
        >`,
        formatRatio(auroc),
      ];
    }),
  );
}
