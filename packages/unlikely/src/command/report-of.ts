import type { Table } from '@unlikely/data';
import { baselineTitles, highestRows } from '@unlikely/detect';
import type { Detector, Evaluation } from '@unlikely/detect';
import type { LatentPoint, ReportData, ReportEvaluation } from '../report/report-data.ts';
import { mainPlane } from './main-plane.ts';

export interface ReportSource {
  /** What the table is called on the page. */
  readonly source: string;
  readonly evaluation?: Evaluation;
  /** Default 0.01; an evaluation has its own. */
  readonly falsePositiveRate?: number;
  readonly signal?: AbortSignal;
}

/** Rows that the page explains, and points that its map shows. */
const anomalyCards = 20;
const mapPoints = 3000;

/** Scores a table into everything that a report shows. */
export async function reportOf(
  detector: Detector,
  table: Table,
  { source, evaluation, falsePositiveRate = 0.01, signal }: ReportSource,
): Promise<ReportData> {
  const total = await table.rowCount();
  const scores = new Float64Array(total);
  const stride = Math.max(1, Math.ceil(total / mapPoints));
  const { latentSize } = detector.manifest.configuration;
  const codes: { row: number; code: Float32Array }[] = [];
  const scoring = { details: true, ...(signal === undefined ? {} : { signal }) };
  for await (const { firstRow, rows, score, details } of detector.score(table, scoring)) {
    scores.set(score, firstRow);
    for (let index = 0; index < rows; index++) {
      if ((firstRow + index) % stride !== 0) continue;
      const code = details!.code.slice(index * latentSize, (index + 1) * latentSize);
      codes.push({ row: firstRow + index, code });
    }
  }
  const threshold =
    evaluation?.atThreshold.threshold ??
    (detector.calibrated ? detector.threshold(falsePositiveRate) : Infinity);
  const truth = new Map(
    Array.from(evaluation?.rowNumbers ?? [], (row, place) => [row, evaluation!.labels[place]]),
  );
  const labelOf = (row: number): { isAnomaly?: boolean } =>
    truth.has(row) ? { isAnomaly: truth.get(row) === 1 } : {};

  const highest = [...highestRows(scores, anomalyCards)];
  const [explanations, records] = await Promise.all([
    detector.explain(table, highest),
    table.records(highest),
  ]);
  const plane = mainPlane(codes.map(({ code }) => code));
  return {
    source,
    model: detector.manifest,
    scored: {
      rows: total,
      flagged: scores.reduce((count, score) => count + Number(score > threshold), 0),
      threshold,
      falsePositiveRate: evaluation?.atThreshold.promisedRate ?? falsePositiveRate,
      scores,
    },
    anomalies: explanations.map((explanation, index) => ({
      ...explanation,
      ...labelOf(explanation.row),
      record: records[index]!,
    })),
    latentMap: plane.map(([x, y], index): LatentPoint => ({
      x,
      y,
      score: scores[codes[index]!.row]!,
      ...labelOf(codes[index]!.row),
    })),
    ...(evaluation === undefined ? {} : { evaluation: evaluationOf(evaluation) }),
  };
}

/** What the page shows of an evaluation. */
export function evaluationOf(evaluation: Evaluation): ReportEvaluation {
  const { auroc, averagePrecision, atThreshold, best, calibration, roc, precisionRecall } =
    evaluation;
  return {
    rows: evaluation.rows,
    anomalies: evaluation.anomalies,
    metrics: { auroc, averagePrecision, atThreshold, best },
    baselines: evaluation.baselines.map((each) => ({ ...each, name: baselineTitles[each.name] })),
    byValue: evaluation.byValue,
    calibration: calibration ?? [],
    roc: (roc ?? []).map(({ falsePositiveRate, truePositiveRate }) => ({
      x: falsePositiveRate,
      y: truePositiveRate,
    })),
    precisionRecall: (precisionRecall ?? []).map(({ recall, precision }) => ({
      x: recall,
      y: precision,
    })),
    scores: evaluation.scores,
    labels: evaluation.labels,
  };
}
