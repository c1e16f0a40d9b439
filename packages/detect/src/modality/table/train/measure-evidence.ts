import { RandomStream } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import { standardisedRows } from '../encode/standardised-rows.ts';
import type { ModelCore } from '../core.ts';
import { scaleOf, storedRowCount, unitScale } from '../score/evidence.ts';
import type { Evidence, RobustGaussian, StoredRows } from '../score/evidence.ts';
import { pickCodes } from '../score/pick-codes.ts';
import type { Codes } from '../../../score/aggregate-posterior.ts';
import { openScorer } from '../score/open-scorer.ts';
import { memberForm } from '../score/trained-networks.ts';
import { pickEncodedRows } from './choose-rows.ts';
import type { ChosenRows } from './choose-rows.ts';
import { foldOf } from './folds.ts';
import type { Fold } from './folds.ts';

/** Rows that the scales are measured on. */
const measuredRows = 2000;

/**
 * The stored rows, and the scale of each kind of evidence. Every member is measured on its fold, which
 * it has not seen, against stored rows from outside: so the ranges are those of new rows, and where the
 * order of the table means something, of rows from another time.
 *
 * @param reference Training rows in random order, the first of which are stored.
 * @param codes Codes of the reference rows.
 */
export async function measureEvidence(
  core: ModelCore,
  theta: Float32Array,
  training: EncodedRows,
  reference: ChosenRows,
  codes: Codes,
  runtime: Runtime,
): Promise<Evidence> {
  const { fields, features, configuration, shape } = core;
  const { data: known } = await standardisedRows(core, reference, runtime);
  const stored = Math.min(reference.rows, storedRowCount(configuration, features.length));
  const rowsAt = (places: readonly number[]): StoredRows => {
    const data = new Float32Array(places.length * features.length);
    places.forEach((place, index) => {
      const start = place * features.length;
      data.set(known.subarray(start, start + features.length), index * features.length);
    });
    return { count: places.length, data };
  };

  const evidence: Float64Array[] = [];
  const shares: [Float32Array[], Float32Array[]] = [[], []];
  const stream = new RandomStream(configuration.seed, 'evidence');
  const names = ['evidence', 'reconstruction_evidence', 'neighbour_evidence'] as const;
  for (let member = 0; member < shape.members; member++) {
    const { start, end } = foldOf(configuration, training.rows, member);
    const chosen = stream
      .permutation(end - start)
      .subarray(0, Math.ceil(measuredRows / shape.members))
      .map((place) => start + place);
    const outside = outsideOf(reference, { start, end }, stored);
    const networks = memberForm({ core, theta, storedCodes: undefined }, member);
    const own = {
      ...networks,
      storedCodes: pickCodes(core, codes, outside.slice(0, configuration.codes), [member]),
      evidence: { storedRows: rowsAt(outside), scale: unitScale(fields.length) },
    };
    const blank = new Float32Array(fields.length);
    await using scorer = await openScorer(own, blank, runtime, names);
    const rows = pickEncodedRows(training, fields.length, chosen);
    const found = await scorer.run({ rows: rows.data }, rows.rows);
    evidence.push(found.evidence);
    shares[0].push(found.reconstruction_evidence);
    shares[1].push(found.neighbour_evidence);
  }
  let gaussian: RobustGaussian | undefined;
  if (configuration.score === 'robust') {
    const { robustGaussian } = await import('./robust-gaussian.ts');
    gaussian = await robustGaussian(core, training, stream, runtime);
  }
  // Differences below the smallest deviation of a Gaussian mean nothing here either.
  const leastDistance = 0.5 * features.length * configuration.deviationFloor ** 2;
  return {
    storedRows: rowsAt(Array.from({ length: stored }, (_, place) => place)),
    scale: scaleOf(
      Float64Array.from(evidence.flatMap((part) => [...part])),
      [
        Float32Array.from(shares[0].flatMap((part) => [...part])),
        Float32Array.from(shares[1].flatMap((part) => [...part])),
      ],
      fields.length,
      leastDistance,
    ),
    ...(gaussian === undefined ? {} : { gaussian }),
  };
}

/** Places of the first `stored` reference rows that lie outside of a fold. */
export function outsideOf({ places }: ChosenRows, { start, end }: Fold, stored: number): number[] {
  return Array.from(places.keys()).filter((place) => {
    const row = places[place]!;
    return place < stored && (row < start || row >= end);
  });
}
