import { RandomStream } from '@unlikely/graph';
import type { BaselineName } from '../baseline/baseline.ts';
import { baselines } from '../baseline/baselines.ts';
import type { Matrix } from '../matrix.ts';
import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import type { BaselineResult } from './evaluation.ts';
import { countedPlaces, normalWeight, truthOf } from './evaluation-of.ts';
import type { EvaluationInput } from './evaluation-of.ts';

/** The items of a kind of input as trivial detectors see them. */
export interface Comparison {
  readonly baselines: readonly BaselineName[];
  readonly seed: number;
  /** Items that they learn from, and that they are measured on: what they do in seconds. */
  readonly most: { readonly reference: number; readonly measured: number };
  /** Features of about `wanted` of the items that count, each with its place among all. */
  readonly draw: (counted: Counted, wanted: number) => Promise<Compared>;
  /** Features of normal items that they are to learn from; absent: a half of the normal ones drawn. */
  readonly reference?: (normal: readonly string[], most: number) => Promise<Matrix>;
}

export interface Counted {
  /** Among the items that were scored. */
  readonly places: Int32Array;
  /** 0-based numbers of the same in the source. */
  readonly rowNumbers: readonly number[];
  /** Their share of all items. */
  readonly share: number;
}

export interface Compared {
  readonly features: Matrix;
  /** Among the items that were scored. */
  readonly places: ArrayLike<number>;
}

/** The trivial detectors, measured on the same items as ours. */
export async function compareBaselines(
  scored: EvaluationInput,
  { baselines: names, seed, most, draw, reference }: Comparison,
): Promise<BaselineResult[]> {
  const counted = countedPlaces(scored);
  if (counted.length === 0) return [];
  const wanted = most.measured + (reference === undefined ? most.reference : 0);
  const rowNumbers = Array.from(counted, (place) => scored.rowNumbers[place]!);
  const share = counted.length / scored.values.length;
  const { features, places } = await draw({ places: counted, rowNumbers, share }, wanted);
  const truth = truthOf(
    Array.from(places, (place) => scored.values[place]!),
    scored.normalValues,
  );
  let measured = Int32Array.from({ length: features.rows }, (_, row) => row);
  let learnt: Matrix;
  if (reference === undefined) {
    const shuffled = new RandomStream(seed, 'evaluate')
      .permutation(features.rows)
      .filter((row) => truth[row] === 0);
    const half = shuffled.subarray(0, Math.floor(shuffled.length / 2)).slice(0, most.reference);
    learnt = pickRows(features, half);
    const used = new Set(half);
    measured = measured.filter((row) => !used.has(row));
  } else {
    learnt = await reference(scored.normalValues, most.reference);
  }
  if (learnt.rows === 0) return [];
  const tested = pickRows(features, measured);
  const labels = Uint8Array.from(measured, (row) => truth[row]!);
  // Those that the others learnt from are not measured, and stood for some as well.
  const weight = (normalWeight(scored, counted) * zeros(truth)) / Math.max(1, zeros(labels));
  const ours = Float64Array.from(measured, (row) => scored.scores[places[row]!]!);
  return names.map((name) => {
    const result = baselines[name].fit(learnt, seed).score(tested);
    return {
      name,
      auroc: areaUnderRoc(result, labels),
      averagePrecision: averagePrecision(result, labels, weight),
      rows: tested.rows,
      ours: areaUnderRoc(ours, labels),
      reference: reference === undefined ? 'half of the normal rows' : 'reference table',
    };
  });
}

function zeros(truth: Uint8Array): number {
  return truth.reduce((sum, label) => sum + 1 - label, 0);
}

function pickRows({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { data: picked, rows: rows.length, columns };
}
