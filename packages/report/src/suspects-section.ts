import { formatCount, formatRows, formatScore, formatShare } from './format.ts';
import { cell, html, type Html } from './html.ts';
import type { ReportModel } from './report-data.ts';
import { table } from './table.ts';

/** What stood out among the rows of a training that might have held anomalies; nothing for others. */
export function suspectsSection({ contamination }: ReportModel): Html | undefined {
  if (contamination === undefined) return undefined;
  const { rows, share, lower, upper, suspects } = contamination;
  return html`<section id="suspects" aria-labelledby="suspects-heading">
    <h2 id="suspects-heading">Suspicious training rows</h2>
    <p class="note">
      The training rows were said to hold anomalies.
      ${
        upper === 0
          ? html`None of ${formatRows(rows)} scores`
          : html`About <b>${formatShare(share)}</b> of ${formatRows(rows)} (${formatShare(lower)} to
              ${formatShare(upper)}) score`
      }
      beyond what the bulk of them predicts. Anomalies that blend in are not among them, and some
      may be normal. p-values compare with rows like these, anomalies included: of normal rows fewer
      are flagged than the rate promises.
    </p>
    ${table(
      html`<strong>Least likely rows of the training</strong>`,
      [{ heading: 'Row', number: true }, { heading: 'Score', number: true }, { heading: 'Why' }],
      suspects.map(({ row, score, reasons }) => [
        formatCount(row),
        formatScore(score),
        cell(reasons.join('; '), 300),
      ]),
    )}
  </section>`;
}
