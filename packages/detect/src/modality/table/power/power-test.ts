/**
 * How many anomalies a model finds, measured before it meets one: anomalies of known kinds are made
 * of normal rows that it did not see, and flagged by the threshold that its own calibration sets.
 *
 * A made row is judged without the row it was made of: its p-value is its rank among the other
 * held-out rows. It then meets the threshold as a fresh row would, although its origin helped to set it.
 */
import type { Field } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import type { BaselineName } from '../../../baseline/baseline.ts';
import type { EncodedRows } from '../column/feature.ts';
import { attribute } from '../score/attribution.ts';
import type { AttributedBlock } from '../score/attribution.ts';
import type { Matrix } from '../../../matrix.ts';
import { areaUnderRoc } from '../../../metric/area-under-roc.ts';
import { pickBlock } from '../score/pick-block.ts';
import { joinEncodedRows, pickEncodedRows, sampleEncodedRows } from '../train/choose-rows.ts';
import type { AnomalyKind } from './anomaly-kind.ts';
import { fieldPowers } from './field-power.ts';
import type { FieldPower } from './field-power.ts';
import { injectAnomalies } from './inject-anomalies.ts';
import type { InjectedRows } from './inject-anomalies.ts';
import { pValuesWithoutOrigin } from './p-values-without-origin.ts';
import { mean } from '../../../statistics.ts';

/** What a model finds of anomalies that were made of normal rows. */
export interface PowerTest {
  /** Of the threshold; more than was asked for where so few rows were held out that they cannot promise it. */
  readonly falsePositiveRate: number;
  /** Normal rows that the anomalies were made of. */
  readonly heldOutRows: number;
  /** What is found, kind by kind. */
  readonly kinds: readonly KindPower[];
  /** Every field that was changed alone, in the order of the schema. */
  readonly fields: readonly FieldPower[];
  /** Mean over the kinds, of made rows against held-out ones. */
  readonly auroc: number;
  /** The same for the trivial detectors. */
  readonly baselines: readonly BaselinePower[];
  /** Of the rows that were flagged once one field was changed, the share whose explanation ranks it first; null where there is none. */
  readonly explained: number | null;
}

/** What is found of one kind of injected anomalies. */
export interface KindPower {
  /** How they were made. */
  readonly kind: AnomalyKind;
  /** Rows that were made. */
  readonly rows: number;
  /** Share of them above the threshold. */
  readonly found: number;
  /** Of made rows against held-out ones. */
  readonly auroc: number;
  /** The same for the trivial detectors. */
  readonly baselines: readonly BaselinePower[];
}

export interface BaselinePower {
  readonly name: BaselineName;
  readonly auroc: number;
}

export interface PowerInput {
  readonly fields: readonly Field[];
  /** Normal rows that the model did not see, with their scores; at least one. */
  readonly heldOut: EncodedRows;
  readonly heldOutScores: Float64Array;
  /** Normal rows that the trivial detectors learn from; at least one. */
  readonly reference: EncodedRows;
  /** In (0, 1). */
  readonly falsePositiveRate: number;
  readonly seed: number;
  /** Gives `attributedOutputs`. */
  readonly score: (rows: EncodedRows) => Promise<AttributedBlock>;
  /** Contribution of each field to the score of a normal row. */
  readonly neutral: Float32Array;
  /** Rows as the networks see them, for the trivial detectors. */
  readonly standardise: (rows: EncodedRows) => Promise<Matrix>;
}

/** Those that learn in no time. */
const compared: readonly BaselineName[] = [
  'l2-norm',
  'principal-components',
  'isolation-forest',
  'nearest-neighbours',
];
/** Beyond this many features the principal components would take longer than all else. */
const mostDecomposed = 300;
/** Rows that anomalies are made of, that trivial detectors learn from, and that an AUROC is of. */
const mostOrigins = 1000;
const mostReference = 1000;
const mostCompared = 125;
/** Found rows that are explained, each by two dozen further scores. */
const mostExplained = 80;

export async function powerTest(input: PowerInput): Promise<PowerTest> {
  const { fields, seed, falsePositiveRate } = input;
  const stream = new RandomStream(seed, 'power');
  const width = fields.length;
  const chosen = stream.split('held-out').permutation(input.heldOut.rows).subarray(0, mostOrigins);
  const heldOut = pickEncodedRows(input.heldOut, width, chosen);
  const reference = sampleEncodedRows(
    input.reference,
    width,
    mostReference,
    stream.split('reference'),
  );
  const injected = injectAnomalies({ fields, heldOut, reference, seed });
  const all = await input.score(joinEncodedRows(injected.map(({ rows }) => rows)));
  let first = 0;
  const scores = injected.map(({ rows }) => all.score.slice(first, (first += rows.rows)));

  const sample = stream
    .split('compared')
    .permutation(heldOut.rows)
    .subarray(0, 2 * mostCompared);
  const against = await compareWithBaselines({
    input,
    reference,
    normal: pickEncodedRows(heldOut, width, sample),
    normalScores: Float64Array.from(sample, (row) => input.heldOutScores[chosen[row]!]!),
    injected,
    scores,
  });
  const rate = Math.max(falsePositiveRate, 1 / input.heldOutScores.length);
  const flagged = (rows: Float64Array, origin: Int32Array): Uint8Array =>
    Uint8Array.from(pValuesWithoutOrigin(input.heldOutScores, rows, origin), (pValue) =>
      Number(pValue <= rate),
    );
  const isFound = injected.map(({ origin }, index) =>
    flagged(
      scores[index]!,
      origin.map((row) => chosen[row]!),
    ),
  );
  const chosenScores = Float64Array.from(chosen, (row) => input.heldOutScores[row]!);
  const wasFlagged = flagged(chosenScores, chosen);
  const kinds = injected.map(({ kind, rows }, index): KindPower => ({
    kind,
    rows: rows.rows,
    found: mean(isFound[index]!),
    ...against[index]!,
  }));
  return {
    falsePositiveRate: rate,
    heldOutRows: heldOut.rows,
    kinds,
    fields: fieldPowers(fields, injected, isFound),
    auroc: mean(kinds.map(({ auroc }) => auroc)),
    baselines: kinds[0]!.baselines.map(({ name }, index) => ({
      name,
      auroc: mean(kinds.map((kind) => kind.baselines[index]!.auroc)),
    })),
    explained: await explainedShare(
      injected,
      all,
      (index, row) => isFound[index]![row] === 1 && wasFlagged[injected[index]!.origin[row]!] === 0,
      input,
    ),
  };
}

interface Comparison {
  readonly input: PowerInput;
  readonly reference: EncodedRows;
  readonly normal: EncodedRows;
  readonly normalScores: Float64Array;
  readonly injected: readonly InjectedRows[];
  readonly scores: readonly Float64Array[];
}

/** Ours and the trivial detectors on the same rows of each kind. */
async function compareWithBaselines({
  input: { standardise, seed, fields },
  reference,
  normal,
  normalScores,
  injected,
  scores,
}: Comparison): Promise<Pick<KindPower, 'auroc' | 'baselines'>[]> {
  const samples = injected.map(({ kind, rows }) =>
    new RandomStream(seed, 'power', kind, 'compared')
      .permutation(rows.rows)
      .subarray(0, mostCompared),
  );
  const compound = await standardise(
    joinEncodedRows([
      reference,
      normal,
      ...injected.map(({ rows }, index) => pickEncodedRows(rows, fields.length, samples[index]!)),
    ]),
  );
  const learnt = rowsBetween(compound, 0, reference.rows);
  const measured = rowsBetween(compound, reference.rows, compound.rows);
  const fast = compared.filter(
    (name) => name !== 'principal-components' || compound.columns <= mostDecomposed,
  );
  const { baselines } = await import('../../../baseline/baselines.ts');
  const results = fast.map((name) => ({
    name,
    scores: baselines[name].fit(learnt, seed).score(measured),
  }));
  let start = normal.rows;
  return samples.map((sample, index) => {
    const ours = Float64Array.from(sample, (row) => scores[index]![row]!);
    const [from, to] = [start, (start += sample.length)];
    return {
      auroc: aurocOf(normalScores, ours),
      baselines: results.map(({ name, scores: theirs }) => ({
        name,
        auroc: aurocOf(theirs.subarray(0, normal.rows), theirs.subarray(from, to)),
      })),
    };
  });
}

function rowsBetween({ data, columns }: Matrix, start: number, end: number): Matrix {
  return { data: data.subarray(start * columns, end * columns), rows: end - start, columns };
}

function aurocOf(normal: Float64Array, anomalous: Float64Array): number {
  const scores = new Float64Array(normal.length + anomalous.length);
  scores.set(normal);
  scores.set(anomalous, normal.length);
  const labels = new Uint8Array(scores.length).fill(1, normal.length);
  return areaUnderRoc(scores, labels)!;
}

/**
 * How many explanations have the changed field at the top. A row that was flagged before it was
 * changed has reasons of its own.
 */
async function explainedShare(
  injected: readonly InjectedRows[],
  scored: AttributedBlock,
  isNewlyFound: (index: number, row: number) => boolean,
  { fields, neutral, score, seed }: PowerInput,
): Promise<number | null> {
  const width = fields.length;
  const places: { readonly place: number; readonly field: number }[] = [];
  let place = 0;
  injected.forEach(({ target }, index) => {
    target.forEach(({ field }, row) => {
      if (field !== undefined && isNewlyFound(index, row)) places.push({ place, field });
      place++;
    });
  });
  if (places.length === 0) return null;
  const chosen = Array.from(
    new RandomStream(seed, 'power', 'explained')
      .permutation(places.length)
      .subarray(0, mostExplained),
    (index) => places[index]!,
  );
  const rows = Int32Array.from(chosen, (each) => each.place);
  const all = joinEncodedRows(injected.map((each) => each.rows));
  const attributions = await attribute({
    encoded: pickEncodedRows(all, width, rows).data,
    block: pickBlock(scored, rows),
    neutral,
    score: (data, count) => score({ data, rows: count }),
  });
  const first = attributions.filter(({ contributions }, index) => {
    return contributions.indexOf(Math.max(...contributions)) === chosen[index]!.field;
  });
  return first.length / chosen.length;
}
