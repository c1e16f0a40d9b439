import {
  formatCount,
  formatNumber,
  formatRatio,
  formatRows,
  formatScore,
  formatShare,
} from './format.ts';
import { cell, html, type Html, type HtmlValue } from './html.ts';
import type { ReportData, ReportModel } from './report-data.ts';
import { formatItems } from './wording.ts';

/** The finding as one sentence; also the title of the page. */
export function findingOf(data: ReportData): string {
  const { scored } = data;
  const { rows, flagged, falsePositiveRate, threshold } = scored;
  const subject = `${flagged === 0 ? 'None' : formatCount(flagged)} of ${formatItems(rows, data.words)}`;
  const verb = flagged === 1 || flagged === 0 ? ['is', 'scores'] : ['are', 'score'];
  return falsePositiveRate === null
    ? `${subject} ${verb[1]} above the threshold of ${formatScore(threshold)}`
    : `${subject} ${verb[0]} unlikely at a ${formatShare(falsePositiveRate)} false-positive rate`;
}

/** The top of the page: the finding, what it rests on, a warning where the model is unfit, key figures. */
export function headline(data: ReportData): Html {
  const { source, generatedAt, model } = data;
  return html`<header>
    <p class="eyebrow">
      <span class="brand">Unlikely</span> report on
      <b>${cell(source)}</b>${generatedAt !== undefined && html` · ${cell(generatedAt)}`}
    </p>
    <h1>${findingOf(data)}</h1>
    <p class="lede">${meaning(data)}</p>
    ${unfitModel(model)} ${brokenPromise(data)}
    ${(data.notes ?? []).map((note) => html`<p class="note">${cell(note, 400)}</p>`)}
    <dl class="figures">${keyFigures(data)}</dl>
  </header>`;
}

/** The first finding of a model that is not to be trusted. */
function unfitModel({ health }: ReportModel): Html | null {
  if (health.verdict === 'good') return null;
  const [finding] = health.findings;
  return html`<p class="warning">
    <strong>${healthVerdict(health)}.</strong> ${finding !== undefined && cell(finding, 400)}
    <a href="#training">What was found</a>
  </p>`;
}

/** Labels may show that normal rows here are flagged more often than the threshold promised. */
function brokenPromise(data: ReportData): Html | null {
  const { scored, evaluation } = data;
  const { words } = data;
  const point = evaluation?.calibration.find(
    ({ promised }) => promised === scored.falsePositiveRate,
  );
  if (point === undefined || point.observed <= point.bound) return null;
  return html`<p class="warning">
    <strong>More false alarms than promised:</strong> ${formatShare(point.observed)} of the normal
    ${words.many} are flagged, not ${formatShare(point.promised)}. They differ from the
    ${words.many} on which the model was calibrated. <a href="#evaluation">All promises</a>
  </p>`;
}

/** What the finding is worth, in words. */
function meaning(data: ReportData): HtmlValue {
  const { scored, evaluation, model } = data;
  const { words } = data;
  const { rows, falsePositiveRate } = scored;
  const basis = `The model learned from ${formatItems(model.rows.trained, words)} what is normal.`;
  if (evaluation !== undefined && evaluation.anomalies > 0) {
    const { truePositives, falsePositives } = evaluation.metrics.atThreshold;
    const known = formatRows(evaluation.anomalies, 'labelled anomaly', 'labelled anomalies');
    const alarms =
      falsePositives === 0
        ? `no normal ${words.one}`
        : formatRows(falsePositives, `normal ${words.one}`);
    const others = scored.flagged - truePositives - falsePositives;
    const rest =
      others > 0 ? `, beside ${formatItems(others, words)} that do not count in the figures` : '';
    return `${basis} The flagged ${words.many} hold ${formatCount(truePositives)} of the ${known} and ${alarms}${rest}.`;
  }
  if (falsePositiveRate === null) return basis;
  const chance = Math.round(rows * falsePositiveRate);
  return `${basis} If every ${words.one} here were normal, about ${formatCount(chance)} would be flagged by chance.`;
}

function keyFigures(data: ReportData): readonly Html[] {
  const { scored, evaluation, model } = data;
  const { words } = data;
  const { rows, flagged, threshold } = scored;
  const figures = [
    figure(
      'Flagged',
      formatCount(flagged),
      `${formatShare(rows === 0 ? 0 : flagged / rows)} of ${formatItems(rows, words)}`,
    ),
  ];
  figures.push(
    figure(
      'Threshold',
      formatScore(threshold),
      `${words.unit === '' ? '' : `${words.unit}; `}higher is less likely`,
    ),
  );
  if (evaluation === undefined) {
    figures.push(figure('Trained on', formatCount(model.rows.trained), `${words.many}`));
    figures.push(
      figure(
        'Calibrated on',
        formatCount(model.rows.calibration),
        `${words.many} the networks never saw`,
      ),
    );
  } else {
    const { auroc, averagePrecision, atThreshold } = evaluation.metrics;
    figures.push(figure('Area under ROC', formatRatio(auroc), 'guessing: 0.500'));
    figures.push(
      figure(
        'Average precision',
        formatRatio(averagePrecision),
        `guessing: ${formatRatio(evaluation.anomalyShare)}`,
      ),
    );
    figures.push(
      figure(
        'Anomalies found',
        shareOrDash(atThreshold.recall),
        `precision ${shareOrDash(atThreshold.precision)}`,
      ),
    );
  }
  figures.push(
    figure(
      'Model',
      healthWord[model.health.verdict],
      `${formatNumber(model.health.activeUnits)} active latent ${model.health.activeUnits === 1 ? 'unit' : 'units'}`,
    ),
  );
  return figures;
}

function figure(name: string, value: string, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd><strong>${value}</strong><span>${note}</span></dd>
  </div>`;
}

function shareOrDash(ratio: number | null): string {
  return ratio === null ? '–' : formatShare(ratio);
}

const healthWord = {
  good: 'healthy',
  weak: 'weak',
  useless: 'useless',
  collapsed: 'collapsed',
} as const satisfies Record<ReportModel['health']['verdict'], string>;

export function healthVerdict({ verdict }: ReportModel['health']): string {
  return {
    good: 'The model is healthy',
    weak: 'The model is weak',
    useless: 'The model is useless',
    collapsed: 'The model has collapsed',
  }[verdict];
}
