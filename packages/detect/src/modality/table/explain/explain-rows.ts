import type { ModelFile } from '../model.ts';
import { pickBlock } from '../score/pick-block.ts';
import type { ScoredBatch } from '../score/scored-batch.ts';
import type { Blocks } from '../../../score/blocks.ts';
import type { ScoringOutputs } from '../score/scoring-program.ts';
import { attribute } from '../score/attribution.ts';
import type { AttributedBlock } from '../score/attribution.ts';
import { explainField } from './explanation.ts';
import type { Explanation } from './explanation.ts';

export interface RowsToExplain {
  /** Scored with details. */
  readonly batch: ScoredBatch;
  /** Of the rows within the batch. */
  readonly indices: readonly number[];
  /** The same rows as they stand in the table. */
  readonly records: readonly Record<string, unknown>[];
}

/**
 * Rows of a batch in words.
 *
 * @param scorer Gives the details of further rows, as those of the batch were scored.
 */
export async function explainRows(
  { manifest, neutral }: ModelFile,
  scorer: Blocks<ScoringOutputs>,
  { batch, indices, records }: RowsToExplain,
): Promise<Explanation[]> {
  const { fields } = manifest.schema;
  const width = fields.length;
  const encoded = new Float64Array(indices.length * width);
  indices.forEach((index, row) => {
    encoded.set(batch.details!.encoded.subarray(index * width, (index + 1) * width), row * width);
  });
  const attributions = await attribute({
    encoded,
    block: pickBlock(blockOf(batch), indices),
    neutral,
    score: (rows, count) => scorer.run({ rows }, count),
  });
  return attributions.map(({ contributions, latent, usual, expected, lower, upper }, row) => {
    const features = fields.map((field, position) =>
      explainField(field, {
        encoded: encoded[row * width + position]!,
        expected: expected[position]!,
        lower: lower[position]!,
        upper: upper[position]!,
        contribution: contributions[position]!,
        original: records[row]![field.column],
      }),
    );
    return {
      row: batch.firstRow + indices[row]!,
      score: batch.score[indices[row]!]!,
      standardError: batch.standardError[indices[row]!]!,
      pValue: batch.pValue[indices[row]!]!,
      latent,
      usual,
      features: features.sort((a, b) => b.contribution - a.contribution),
    };
  });
}

/** A batch as its scoring program gave it. */
function blockOf({ score, details }: ScoredBatch): AttributedBlock {
  const { contributions, latent, usual, expected, lower, upper } = details!;
  return {
    score,
    contribution: contributions,
    latent_share: latent,
    usual_share: usual,
    expected,
    lower,
    upper,
  };
}
