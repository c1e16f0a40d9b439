import { formatCount, formatNumber, formatShare } from './format.ts';
import { healthVerdict } from './headline.ts';
import { cell, html, type Html } from './html.ts';
import type { ReportModel } from './report-data.ts';
import { table } from './table.ts';
import { plotFigure } from './plot-figure.ts';
import { trainingFigures, unitFigure } from './training-figures.ts';
import type { Words } from '@unlikely/detect';
import { formatItems } from './wording.ts';

/** How the training went and whether its result can be trusted. */
export function trainingSection({ history, health }: ReportModel, words: Words): Html {
  const units = unitFigure(history, words);
  const made = signs(health);
  return html`<section id="training" aria-labelledby="training-heading">
    <h2 id="training-heading">Training and health</h2>
    <div class="pair">
      <div class="health ${health.verdict}">
        <p><strong>${healthVerdict(health)}.</strong></p>
        ${
          health.findings.length === 0
            ? html`<p>Nothing was found that speaks against it.</p>`
            : html`<ul>
                ${health.findings.map((finding) => html`<li>${cell(finding, 600)}</li>`)}
              </ul>`
        }
        ${made !== undefined && html`<p class="made">${made}</p>`}
      </div>
      ${units && plotFigure(units)}
    </div>
    ${history.step.length > 0 && html`<div class="pair">${trainingFigures(history, words).map(plotFigure)}</div>`}
  </section>`;
}

/** The figures that the verdict rests on, beside the injected anomalies. */
function signs({ atFloor, atCap, distinctScores, gap }: ReportModel['health']): string | undefined {
  if (
    atFloor === undefined ||
    atCap === undefined ||
    distinctScores === undefined ||
    gap === undefined
  ) {
    return undefined;
  }
  const side = gap < 0 ? 'lower' : 'higher';
  return `Predicted variance at its floor for ${formatShare(atFloor)} of the numeric columns, at its cap for ${formatShare(atCap)}. ${formatShare(distinctScores)} of the calibration scores differ; rows not seen in training score ${formatNumber(Number(Math.abs(gap).toFixed(2)))} deviations ${side} than those seen.`;
}

/** What the model is: its columns and why they are taken as they are, and its settings. */
export function modelSection(
  { schema, settings, scoreReason, configuration, label, rows, version, fingerprint }: ReportModel,
  words: Words,
): Html {
  return html`<section id="model" aria-labelledby="model-heading">
    <h2 id="model-heading">The model</h2>
    <p class="note">
      Read ${formatItems(rows.read, words)}, trained on ${formatCount(rows.trained)}, calibrated on
      ${formatCount(rows.calibration)}.
      ${
        label !== undefined &&
        html`The label <b>${cell(label.column, 60)}</b> was held out; normal is
          ${label.normal.map((value, index) => [index > 0 && ', ', html`<b>${cell(value, 60)}</b>`])}. `
      }Unlikely
      ${cell(version, 40)}, fingerprint of the training data <code>${cell(fingerprint, 80)}</code>.
    </p>
    ${
      settings !== undefined &&
      table(
        html`<strong>Pixels</strong> and why they are taken as they are.`,
        [{ heading: 'What' }, { heading: 'Value' }, { heading: 'Why' }],
        [
          ['Size', `${settings.width} × ${settings.height}`, cell(settings.reasons.size, 300)],
          [
            'Colour',
            settings.channels === 1 ? 'grey' : 'red, green, blue',
            cell(settings.reasons.channels, 300),
          ],
          ['Range', `0 to ${formatCount(settings.maximum)}`, cell(settings.reasons.range, 300)],
          ['Fit', settings.fit, 'how images of another shape are made to fit'],
          ...(scoreReason === undefined ? [] : [['Score', 'chosen', cell(scoreReason, 400)]]),
        ],
      )
    }
    ${
      schema !== undefined &&
      table(
        html`<strong>Columns</strong> and why each is modelled as it is.`,
        [
          { heading: 'Column' },
          { heading: 'Kind' },
          { heading: 'Stored as' },
          { heading: 'Missing', number: true },
          { heading: 'Different values', number: true },
          { heading: 'Why' },
        ],
        schema.columns.map(({ name, kind, storageType, missing, distinct, reason }) => [
          cell(name, 60),
          cell(kind),
          cell(storageType, 40),
          formatShare(missing),
          formatCount(distinct),
          cell(reason, 300),
        ]),
      )
    }
    ${table(
      html`<strong>Settings</strong>`,
      [{ heading: 'Setting' }, { heading: 'Value' }],
      Object.entries(configuration).map(([name, value]) => [
        cell(name, 60),
        html`<code>${cell(JSON.stringify(value) ?? '–', 300)}</code>`,
      ]),
    )}
  </section>`;
}
