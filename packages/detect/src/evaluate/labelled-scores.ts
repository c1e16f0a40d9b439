import type { RowRecognition } from '../known/known-rows.ts';

/** Items of a source as a model scored them, in its order. */
export interface LabelledBatch {
  /** 0-based numbers in the source. */
  readonly rowNumbers: ArrayLike<number>;
  readonly score: Float64Array;
  readonly pValue: Float64Array;
  readonly labels: readonly (string | null)[];
  /** By which the model knows those that trained it. */
  readonly hashes?: Uint32Array | undefined;
}

/** What was found of all items of a source, one entry each. */
export interface LabelledScores {
  readonly rowNumbers: Float64Array;
  readonly scores: Float64Array;
  readonly pValues: Float64Array;
  readonly values: readonly (string | null)[];
  /** 1 for items that trained the model, which do not count. */
  readonly known: Uint8Array;
}

/**
 * @param recognition What knows the items of the training; absent where all are to count.
 * @param trained What the same label called normal when the model was trained, where it did: others cannot
 *   have trained it.
 */
export async function labelledScores(
  batches: AsyncIterable<LabelledBatch>,
  recognition: RowRecognition | undefined,
  trained: readonly string[] | undefined,
): Promise<LabelledScores> {
  const [rowNumbers, scores, pValues, known]: number[][] = [[], [], [], []];
  const values: (string | null)[] = [];
  for await (const { labels, hashes, ...batch } of batches) {
    const flags =
      hashes === undefined
        ? undefined
        : recognition?.recognise(
            hashes,
            (row) => trained === undefined || trained.includes(labels[row] ?? ''),
          );
    labels.forEach((value, row) => {
      rowNumbers!.push(batch.rowNumbers[row]!);
      scores!.push(batch.score[row]!);
      pValues!.push(batch.pValue[row]!);
      values.push(value);
      known!.push(flags?.[row] ?? 0);
    });
  }
  return {
    rowNumbers: Float64Array.from(rowNumbers!),
    scores: Float64Array.from(scores!),
    pValues: Float64Array.from(pValues!),
    values,
    known: Uint8Array.from(known!),
  };
}
