import type { Table } from '@unlikely/data';
import { baselineTitles, highestRows, recognitionOf, tableWords } from '@unlikely/detect';
import type { Detector, Evaluation, Words } from '@unlikely/detect';
import type { LatentPoint, ReportData, ReportEvaluation } from '@unlikely/report';
import {
  enumerate,
  evaluationNotes,
  formatCount,
  formatItems,
  isMeasured,
  leftOutRows,
  unmeasuredReason,
} from '@unlikely/report/words';
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
  // Labels have their own way of leaving them out.
  const recognition = evaluation === undefined ? recognitionOf(detector.manifest) : undefined;
  let known = 0;
  const hashes = recognition !== undefined;
  const scoring = { details: true, hashes, ...(signal === undefined ? {} : { signal }) };
  for await (const batch of detector.score(table, scoring)) {
    const { firstRow, rows, score, details } = batch;
    scores.set(score, firstRow);
    const flags = recognition?.recognise(batch.hashes!, () => true) ?? [];
    for (const flag of flags) known += flag;
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
    words: tableWords,
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
    ...evaluationPart(evaluation, tableWords),
    ...(known > 0 ? { notes: [knownNote(known, total, tableWords)] } : {}),
  };
}

/** The measured figures with what must be known of them, or why there are none. */
export function evaluationPart(
  evaluation: Evaluation | undefined,
  words: Words,
): Pick<ReportData, 'evaluation' | 'notes'> {
  if (evaluation === undefined) return {};
  if (!isMeasured(evaluation)) {
    return { notes: [`Nothing is measured: ${unmeasuredReason(evaluation, words)}.`] };
  }
  const left = leftOutRows(evaluation, words);
  const notes = [
    ...(left.length === 0 ? [] : [`Left out of the figures: ${enumerate(left)}.`]),
    ...evaluationNotes(evaluation, words).map(sentence),
  ];
  return {
    evaluation: evaluationOf(evaluation),
    ...(notes.length === 0 ? {} : { notes: [notes.join(' ')] }),
  };
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** What rows that trained a model are worth in a page without labels. */
export function knownNote(known: number, rows: number, words: Words): string {
  return `${formatCount(known)} of the ${formatItems(rows, words)} are equal to ones of the training: they score lower than new ones do.`;
}

/** What the page shows of an evaluation. */
function evaluationOf(evaluation: Evaluation): ReportEvaluation {
  const { auroc, averagePrecision, atThreshold, best, calibration, roc, precisionRecall } =
    evaluation;
  return {
    rows: evaluation.rows,
    anomalies: evaluation.anomalies,
    anomalyShare: evaluation.anomalyShare,
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
