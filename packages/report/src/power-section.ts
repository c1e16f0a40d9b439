import { baselineTitles, shiftSizes } from '@unlikely/detect';
import type { FieldPower, PowerTest } from '@unlikely/detect';
import { formatRatio, formatRows, formatShare } from './format.ts';
import { cell, html, type Html } from './html.ts';
import { plotFigure } from './plot-figure.ts';
import { kindWords, sensitivity } from './power-words.ts';
import { table } from './table.ts';

/** Fields of the table, of more those of which least is found. */
const mostFields = 40;

/** What the model finds of anomalies that were made of normal rows: known before it meets one. */
export function powerSection(power: PowerTest): Html {
  const numbers = power.fields.filter(({ found }) => found.length === shiftSizes.length);
  const rate = formatShare(power.falsePositiveRate);
  return html`<section id="power" aria-labelledby="power-heading">
    <h2 id="power-heading">What it would find</h2>
    <p class="note">
      Anomalies of known kinds, made of ${formatRows(power.heldOutRows, 'normal row')} that training
      did not see, at a threshold that flags ${rate} of normal rows. No label was needed. Your
      anomalies are of other kinds: what is not found here is not to be hoped for, what is found
      here is no promise.
    </p>
    ${kindTable(power)}
    <div class="pair">
      ${numbers.length > 0 && shiftFigure(numbers, rate)} ${explainedNote(power)}
    </div>
    ${power.fields.length > 0 && fieldTable(power)}
  </section>`;
}

function kindTable(power: PowerTest): Html {
  return table(
    html`<strong>Kinds of anomalies.</strong> The share found, and the chance that such a row scores
      higher than a normal one, by this model and by simple methods that learnt from the same rows
      (guessing: 0.500).`,
    [
      { heading: 'Kind' },
      { heading: 'Found' },
      { heading: 'This model', number: true },
      ...power.baselines.map(({ name }) => ({ heading: baselineTitles[name], number: true })),
    ],
    [
      ...power.kinds.map(({ kind, found, auroc, baselines }) => [
        html`${kindWords[kind].title}<span class="made">${kindWords[kind].made}</span>`,
        html`<span class="part"
          ><span class="meter"><i style="width:${(found * 100).toFixed(1)}%"></i></span
          ><span>${formatShare(found)}</span></span
        >`,
        ...ratios(auroc, baselines),
      ]),
      [html`<strong>mean</strong>`, null, ...ratios(power.auroc, power.baselines)],
    ],
  );
}

/** The best of a line is bold where it is the only one. */
function ratios(auroc: number, baselines: PowerTest['baselines']): Html[] {
  const values = [auroc, ...baselines.map((baseline) => baseline.auroc)];
  const texts = values.map(formatRatio);
  const best = texts[values.indexOf(Math.max(...values))];
  const alone = texts.filter((text) => text === best).length === 1;
  return texts.map((text) =>
    alone && text === best ? html`<strong>${text}</strong>` : html`${text}`,
  );
}

/** Share found against the size of the shift: every column a thin line, their mean a thick one. */
function shiftFigure(fields: readonly FieldPower[], rate: string): Html {
  const means = shiftSizes.map(
    (_, place) => fields.reduce((sum, { found }) => sum + found[place]!, 0) / fields.length,
  );
  const last = formatShare(means.at(-1)!);
  return plotFigure({
    title: 'One number shifted',
    chart: {
      x: {
        label: 'standard deviations of its column',
        domain: [1, 5],
        ticks: [...shiftSizes],
        format: String,
      },
      y: { label: 'found', domain: [0, 1], ticks: 5, format: (value) => formatShare(value) },
      layers: [
        ...fields.map(({ found }) => ({
          kind: 'line' as const,
          points: found.map((share, place) => [shiftSizes[place]!, share] as const),
          ink: 'level0' as const,
        })),
        {
          kind: 'line',
          points: means.map((share, place) => [shiftSizes[place]!, share] as const),
          ink: 'normal',
        },
        {
          kind: 'dots',
          points: means.map((share, place) => [shiftSizes[place]!, share] as const),
          ink: 'normal',
          radius: 4,
        },
      ],
      height: 260,
    },
    keys: [
      { mark: 'line', ink: 'normal', label: 'mean of the columns' },
      { mark: 'line', ink: 'level0', label: 'each column' },
    ],
    description: `Of values shifted by five standard deviations ${last} are found.`,
    caption: html`Where one number alone is off by five standard deviations of its column, ${last}
    are found at ${rate} false alarms. The columns below are those lines in figures.`,
  });
}

function explainedNote({ explained }: PowerTest): Html | false {
  if (explained === null) return false;
  return html`<div class="health ${explained < 0.75 ? 'weak' : 'good'}">
    <p>
      <strong>Explanations name the changed column first in ${formatShare(explained)}</strong> of
      the rows that were flagged once one value was changed.
    </p>
  </div>`;
}

function fieldTable({ fields }: PowerTest): Html {
  const blindest = fields
    .toSorted((a, b) => (a.found.at(-1) ?? 0) - (b.found.at(-1) ?? 0))
    .slice(0, mostFields);
  const rest = fields.length - blindest.length;
  return table(
    html`<strong>Columns, the least seen first.</strong> The share found where this one alone is
      changed: a number by 1 to 5 standard deviations (σ), a category for another. “From” is the
      least shift of which half is found.
      ${rest > 0 && `${formatRows(rest, 'column')} of which more is found ${rest === 1 ? 'is' : 'are'} left out.`}`,
    [
      { heading: 'Column' },
      { heading: 'From', number: true },
      ...shiftSizes.map((size) => ({ heading: `${size}σ`, number: true })),
      { heading: 'Exchanged', number: true },
    ],
    blindest.map((each) => {
      const shifts = each.found.length === shiftSizes.length;
      return [
        cell(each.field, 60),
        shifts ? sensitivity(each) : null,
        ...shiftSizes.map((_, place) => (shifts ? heat(each.found[place]!) : null)),
        shifts ? null : heat(each.found[0]!),
      ];
    }),
  );
}

/** A share on a ground the stronger the larger it is. */
function heat(share: number): Html {
  return html`<span class="heat" style="--share:${(share * 100).toFixed(0)}%"
    >${formatShare(share)}</span
  >`;
}
