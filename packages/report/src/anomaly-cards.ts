import { formatCount, formatNumber, formatRows, formatScore } from './format.ts';
import { cell, html, type Html, type HtmlValue } from './html.ts';
import { intervalStrip } from './interval-strip.ts';
import type { ReportAnomaly, ReportData, ReportFeature } from './report-data.ts';
import { displayValue } from './snapshot.ts';

/** Cards on the page. */
export const mostAnomalies = 20;
/** Features a card shows; what the others add is one sum. */
const mostFeatures = 6;
/** Cards that are open at first. */
const open = 3;

/** The least likely rows, each with the features that made it so. */
export function anomalySection({ anomalies, scored }: ReportData): Html {
  const shown = anomalies.slice(0, mostAnomalies);
  return html`<section id="anomalies" aria-labelledby="anomalies-heading">
    <h2 id="anomalies-heading">The least likely rows</h2>
    <p class="note">
      ${
        shown.length === 0
          ? 'No row was explained.'
          : html`The bars are each feature’s part of the score in nats; they and the code add up to
            it. The strip shows the value (dot) against the interval in which it was expected. Rows
            are counted from 0.`
      }
    </p>
    <ol class="cards">
      ${shown.map((anomaly, index) => card(anomaly, index, scored.threshold))}
    </ol>
  </section>`;
}

function card(anomaly: ReportAnomaly, index: number, threshold: number): Html {
  const { row, score, standardError, pValue, features } = anomaly;
  return html`<li>
    <details class="anomaly" ${index < open && html`open`}>
      <summary>
        <span class="rank">${index + 1}</span>
        <span class="what"
          ><b class="row">Row ${formatCount(row)}</b>${chips(anomaly, threshold)}</span
        >
        <span class="score">
          <strong>${formatScore(score)}</strong>
          <span>± ${formatNumber(standardError)} nats<i>,</i></span>
          <span>p = ${formatNumber(pValue)}</span>
        </span>
        <span class="reason">${reason(features)}</span>
      </summary>
      ${featureTable(anomaly)} ${recordOf(anomaly)}
    </details>
  </li>`;
}

/** What the label says of the row, and whether it lies below the threshold after all. */
function chips({ isAnomaly, score }: ReportAnomaly, threshold: number): readonly Html[] {
  const chip = (text: string, kind: string): Html =>
    html` <span class="chip ${kind}">${text}</span>`;
  return [
    ...(isAnomaly === undefined
      ? []
      : [isAnomaly ? chip('labelled anomalous', 'hit') : chip('labelled normal', '')]),
    ...(score > threshold ? [] : [chip('not flagged', '')]),
  ];
}

function reason(features: readonly ReportFeature[]): HtmlValue {
  const reasons = features.filter(({ contribution }) => contribution > 0).slice(0, 2);
  return reasons.length === 0
    ? 'No single feature stands out.'
    : reasons.map(({ sentence }, place) => [place > 0 && html`<br />`, cell(sentence)]);
}

function featureTable(anomaly: ReportAnomaly): Html {
  const { row, features } = anomaly;
  const greatest = features[0]?.contribution ?? 0;
  const shown = features
    .filter(({ contribution }, place) => place === 0 || contribution > greatest / 50)
    .slice(0, mostFeatures);
  return html`<table class="features">
      <caption class="hidden">
        Contributions to the score of row ${formatCount(row)}
      </caption>
      <thead class="hidden">
        <tr>
          <th scope="col">Feature</th>
          <th scope="col">Contribution</th>
          <th scope="col">Value</th>
          <th scope="col">Expected</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((feature) => featureLine(feature, greatest))}
      </tbody>
    </table>
    <p class="sum">${sum(features.slice(shown.length), anomaly)}</p>`;
}

/** How the bars, the features without a bar, the code and what every row has add up. */
function sum(
  others: readonly ReportFeature[],
  { latent, usual, score }: Pick<ReportAnomaly, 'latent' | 'usual' | 'score'>,
): string {
  const rest = others.reduce((total, { contribution }) => total + contribution, 0);
  const features = `The other ${formatRows(others.length, 'feature')} add ${formatScore(rest)}, the`;
  return `${others.length === 0 ? 'Beside the bars, the' : features} latent code ${formatScore(latent)}, the usual part of every row ${formatScore(usual)}: ${formatScore(score)} in all.`;
}

function featureLine(feature: ReportFeature, greatest: number): Html {
  const { field, words, contribution } = feature;
  const length = greatest > 0 ? Math.max(0, contribution / greatest) : 0;
  return html`<tr>
    <th scope="row">${cell(field, 60)}</th>
    <td class="part">
      <span class="meter"><i style="width:${(length * 100).toFixed(1)}%"></i></span
      ><span>${formatScore(contribution)}</span>
    </td>
    <td class="value"><b>${cell(words.value, 60)}</b></td>
    <td class="expectation">${intervalStrip(feature)}<span>${expectation(feature)}</span></td>
  </tr> `;
}

function expectation({
  contribution,
  words: { value, expected, lower, upper },
}: ReportFeature): HtmlValue {
  if (expected === '') return null;
  if (expected === value)
    return contribution > 0 ? 'unusual beside the other values' : 'as expected';
  return lower !== null && upper !== null
    ? html`expected ${cell(expected, 60)}
        <span class="interval">(${cell(lower, 30)} to ${cell(upper, 30)})</span>`
    : html`expected ${cell(expected, 60)}`;
}

function recordOf({ record }: ReportAnomaly): Html | false {
  if (record === undefined) return false;
  const entries = Object.entries(record);
  return html`<details class="record">
    <summary>The whole row (${formatCount(entries.length)} columns)</summary>
    <dl>
      ${entries.map(
        ([name, value]) =>
          html`<div>
            <dt>${cell(name, 60)}</dt>
            <dd>${cell(displayValue(value))}</dd>
          </div>`,
      )}
    </dl>
  </details>`;
}
