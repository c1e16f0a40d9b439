import type { Table } from '@unlikely/data/source';
import type { BaselineName } from '../baseline/baseline.ts';
import type { CalibrationPoint } from '../metric/calibration-curve.ts';
import type { Confusion } from '../metric/confusion.ts';
import type { PrecisionRecallPoint, RocPoint } from '../metric/curve.ts';

/** Of an evaluation of any items. */
export interface EvaluationOptions {
  /** Labels of normal ones; by default those of training, else 0, false, no, normal, benign, ok, good. */
  readonly normal?: readonly string[];
  /** Rate of the chosen threshold, default 0.01. */
  readonly falsePositiveRate?: number;
  /** Whether the trivial baselines are computed, default true. */
  readonly baselines?: boolean;
  /**
   * Whether those that trained the model count as well: their figures are better than those of new ones.
   * By default they are left out, as far as the model knows them.
   */
  readonly allRows?: boolean;
  /** Share of all normal ones that the source holds, beside all anomalies; default 1. */
  readonly normalShare?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** What scores of rows are compared with. */
export interface EvaluateOptions extends EvaluationOptions {
  /** The column with the truth. */
  readonly label: string;
  /**
   * Where the baselines learn from: normal rows, filtered by `label` where it has that column. By
   * default a random half of the normal rows of the evaluated table, and they are measured on the rest.
   */
  readonly reference?: Table;
  /** Scores by the first member alone; default false. */
  readonly fast?: boolean;
}

/** How well the scores tell labelled anomalies from normal rows. */
export interface Evaluation {
  /** Those that count. */
  readonly rows: number;
  /** Rows that do not count: by which the model was trained, and those without a label. */
  readonly leftOut: { readonly known: number; readonly unlabelled: number };
  /** False where the model keeps nothing by which it would know the rows that trained it. */
  readonly knowsRows: boolean;
  /** Anomalies among them. */
  readonly anomalies: number;
  /**
   * Of all labelled rows, also of normal ones that are left out or elsewhere (`normalShare`): precision, F1 and
   * accuracy are those of this share.
   */
  readonly anomalyShare: number;
  /** The values of the label that were taken for normal. */
  readonly normalValues: readonly string[];
  /** Null where there is only one class. */
  readonly auroc: number | null;
  /** Area under the precision-recall curve; null without an anomaly. */
  readonly averagePrecision: number | null;
  /** At the threshold of the promised false-positive rate, chosen without labels. */
  readonly atThreshold: Confusion & { readonly promisedRate: number };
  /** At the threshold with the best F1 on these labels: nobody can choose it without them. */
  readonly best: Confusion | null;
  /** Simple methods on the same rows; empty where they were not asked for. */
  readonly baselines: readonly BaselineResult[];
  /** Each value of the label: how many of its rows are flagged. */
  readonly byValue: readonly ValueResult[];
  /** Promised against observed false-positive rates on the normal rows; null without calibration. */
  readonly calibration: readonly CalibrationPoint[] | null;
  /** Points of the ROC curve; null where there is only one class. */
  readonly roc: readonly RocPoint[] | null;
  /** Points of the precision-recall curve; null where there is only one class. */
  readonly precisionRecall: readonly PrecisionRecallPoint[] | null;
  /** 0-based numbers in the source of the rows that count, ascending. */
  readonly rowNumbers: Float64Array;
  /** [rows], higher for less likely rows. */
  readonly scores: Float64Array;
  /** 1 = anomaly. */
  readonly labels: Uint8Array;
}

export interface BaselineResult {
  readonly name: BaselineName;
  readonly auroc: number | null;
  readonly averagePrecision: number | null;
  /** Rows it was measured on. */
  readonly rows: number;
  /** Our AUROC on the same rows. */
  readonly ours: number | null;
  /** What it learnt from. */
  readonly reference: 'reference table' | 'half of the normal rows';
}

export interface ValueResult {
  readonly value: string;
  readonly normal: boolean;
  readonly rows: number;
  readonly flagged: number;
  /** Of the rows of this value against all normal rows; null for normal values. */
  readonly auroc: number | null;
}
