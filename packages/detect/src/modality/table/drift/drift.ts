/**
 * How far rows have moved from those of the training, a column at a time. What the model file keeps of the training
 * rows is enough: quantiles of numbers, shares of categories.
 *
 * Of a number with the training quantile v at the levels a ≤ b (more than one where values repeat), at least b of the
 * training rows are ≤ v and at most a are < v. Its shift is the largest share of rows that contradicts this,
 *
 *     D = max over v of max(b − F(v), F(v⁻) − a),
 *
 * which without ties is the distance of Kolmogorov and Smirnov at those levels. Of a category or a part of a time it is
 * the total variation distance, half of what the shares differ by.
 */
import type { Batch, Field, Schema } from '@unlikely/data/source';
import { quantileLevels } from '@unlikely/data/schema';
import { binomialBound } from '../../../calibrate/binomial-bound.ts';

/** How the values of one field differ from those of the training. */
export interface FieldDrift {
  readonly field: string;
  readonly column: string;
  /** Share of the rows whose value lies outside of all that training saw, or is a category that it did not. */
  readonly news: number;
  /** Share of the rows without a value, and that of the training. */
  readonly missing: number;
  readonly missingBefore: number;
  /** Share of the rows that lie where those of the training did not, 0 to 1. */
  readonly shift: number;
  /** Whether that is more than chance explains. */
  readonly hasMoved: boolean;
}

/** How rows differ from those of the training. */
export interface Drift {
  readonly rows: number;
  /** By falling shift and share of news. */
  readonly fields: readonly FieldDrift[];
}

/** Distances that chance exceeds once in a thousand (Kolmogorov); less of it says little in practice. */
const kolmogorov = 1.95;
const leastShift = 0.1;
/** Values outside of all that training saw: one in so many is no surprise. */
const usualNews = 0.005;
const confidence = 0.999;

/** Looks at rows, encoded by the schema. */
export async function measureDrift(schema: Schema, batches: AsyncIterable<Batch>): Promise<Drift> {
  const counts = schema.fields.map((field) => fieldCounts(field));
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.rows;
    for (let index = 0; index < batch.data.length; index++) {
      counts[index % counts.length]!.add(batch.data[index]!);
    }
  }
  const fields = schema.fields.map((field, index) => {
    const { missing, news, shift } = counts[index]!.shares(rows);
    const chance = kolmogorov * Math.sqrt(1 / Math.max(1, rows) + 1 / Math.max(1, schema.rows));
    const mostNews = binomialBound(rows, Math.max(usualNews, 1 / schema.rows), confidence);
    const mostMissing = binomialBound(
      rows,
      Math.min(1 - 1e-9, Math.max(usualNews, field.missing)),
      confidence,
    );
    return {
      field: field.name,
      column: field.column,
      news,
      missing,
      missingBefore: field.missing,
      shift,
      hasMoved:
        shift > Math.max(leastShift, chance) ||
        news * rows > mostNews ||
        missing * rows > mostMissing,
    };
  });
  const sign = ({ shift, news, missing, missingBefore }: FieldDrift): number =>
    Math.max(shift, news, missing - missingBefore);
  return { rows, fields: fields.toSorted((a, b) => sign(b) - sign(a)) };
}

interface Shares {
  readonly missing: number;
  readonly news: number;
  readonly shift: number;
}

interface FieldCounts {
  add(value: number): void;
  shares(rows: number): Shares;
}

function fieldCounts(field: Field): FieldCounts {
  return field.kind === 'numeric' || field.kind === 'count'
    ? numberCounts(field)
    : shareCounts(field);
}

function numberCounts({
  quantiles,
  minimum,
  maximum,
}: Extract<Field, { kind: 'numeric' | 'count' }>): FieldCounts {
  const values = [...new Set(quantiles)];
  const levels = values.map((value) => [
    quantileLevels[quantiles.indexOf(value)]!,
    quantileLevels[quantiles.lastIndexOf(value)]!,
  ]);
  const below = new Float64Array(values.length);
  const upTo = new Float64Array(values.length);
  let [missing, news] = [0, 0];
  return {
    add(value) {
      if (Number.isNaN(value)) {
        missing++;
        return;
      }
      news += Number(value < minimum || value > maximum);
      for (let index = 0; index < values.length; index++) {
        below[index]! += Number(value < values[index]!);
        upTo[index]! += Number(value <= values[index]!);
      }
    },
    shares(rows) {
      const present = Math.max(1, rows - missing);
      const shifts = values.map((_, index) => {
        const [lowest, highest] = levels[index] as [number, number];
        return Math.max(highest - upTo[index]! / present, below[index]! / present - lowest);
      });
      const all = Math.max(1, rows);
      return { missing: missing / all, news: news / all, shift: Math.max(0, ...shifts) };
    },
  };
}

function shareCounts(field: Exclude<Field, { kind: 'numeric' | 'count' }>): FieldCounts {
  const { frequencies } = field;
  const counts = new Float64Array(frequencies.length + 1);
  let missing = 0;
  return {
    add(value) {
      if (Number.isNaN(value)) missing++;
      else counts[Math.min(value, frequencies.length)]!++;
    },
    shares(rows) {
      const present = Math.max(1, rows - missing);
      const rare = Math.max(0, 1 - frequencies.reduce((sum, share) => sum + share, 0));
      const before = [...frequencies, rare];
      const distance = before.reduce(
        (sum, share, index) => sum + Math.abs(counts[index]! / present - share) / 2,
        0,
      );
      const unseen = counts[frequencies.length]! / Math.max(1, rows);
      return {
        missing: missing / Math.max(1, rows),
        news: Math.max(0, unseen - rare),
        shift: distance,
      };
    },
  };
}
