import { RandomStream } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import type { Codes } from '../../../score/aggregate-posterior.ts';
import type { HeldOutScores } from '../../../calibrate/safer-scores.ts';
import type { EncodedRows } from '../column/feature.ts';
import { modelCore } from '../core.ts';
import { openScorer } from '../score/open-scorer.ts';
import { pickCodes } from '../score/pick-codes.ts';
import { memberForm } from '../score/trained-networks.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';
import { outsideOf } from './measure-evidence.ts';
import { pickEncodedRows, sampleEncodedRows } from './choose-rows.ts';
import type { ChosenRows } from './choose-rows.ts';
import { foldOf } from './folds.ts';

/** Rows of a block that are scored, and of those beside it. */
const scoredRows = 2000;

/** A trained model with the rows that it knows, and those that it does not. */
export interface HeldModel {
  readonly networks: TrainedNetworks;
  readonly neutral: Float32Array;
  readonly training: EncodedRows;
  /** Training rows in random order, the first of which are stored. */
  readonly reference: ChosenRows;
  /** Of the reference rows. */
  readonly codes: Codes;
  /** Held out at random. */
  readonly calibration: EncodedRows;
}

/**
 * The scores that each member alone gives the block of rows that it left out, beside those of rows held out at
 * random; against stored rows from outside of the block.
 *
 * @param samples Draws of a code, 0 for its mean.
 */
export async function blockScores(
  { networks, neutral, training, reference, codes, calibration }: HeldModel,
  samples: number,
  runtime: Runtime,
): Promise<HeldOutScores[]> {
  const { core } = networks;
  const { fields, configuration, shape } = core;
  const stream = new RandomStream(configuration.seed, 'blocks');
  const random = sampleEncodedRows(
    calibration,
    fields.length,
    Math.min(scoredRows, calibration.rows),
    stream,
  );
  const found: HeldOutScores[] = [];
  for (let member = 0; member < shape.members; member++) {
    const { start, end } = foldOf(configuration, training.rows, member);
    const chosen = stream
      .permutation(end - start)
      .subarray(0, scoredRows)
      .map((place) => start + place);
    const rows = pickEncodedRows(training, fields.length, chosen);
    const own = memberForm(networks, member);
    const sampled = { ...own.core.configuration, samples };
    const outside = outsideOf(
      reference,
      { start, end },
      networks.evidence?.storedRows.count ?? reference.rows,
    );
    const evidence = networks.evidence && {
      ...networks.evidence,
      storedRows: pickStored(networks.evidence.storedRows, outside, core.features.length),
    };
    const places = outside.slice(0, configuration.codes);
    await using scorer = await openScorer(
      {
        ...own,
        core: modelCore(own.core.fields, own.core.features, sampled),
        storedCodes: networks.storedCodes && pickCodes(core, codes, places, [member]),
        evidence,
      },
      neutral,
      runtime,
      ['score'],
    );
    const block = await scorer.run({ rows: rows.data }, rows.rows);
    const held = await scorer.run({ rows: random.data }, random.rows);
    found.push({ block: block.score, random: held.score });
  }
  return found;
}

function pickStored(
  stored: { readonly count: number; readonly data: Float32Array },
  places: readonly number[],
  width: number,
): { readonly count: number; readonly data: Float32Array } {
  const data = new Float32Array(places.length * width);
  places.forEach((place, index) => {
    data.set(stored.data.subarray(place * width, (place + 1) * width), index * width);
  });
  return { count: places.length, data };
}
