import type { Table } from '@unlikely/data';
import type { Detector, Evaluation } from '@unlikely/detect';
import type { ReportData } from '@unlikely/report';
import { commandError } from '../command-error.ts';
import { promisableRate } from '../library/prediction.ts';
import { reportOf } from './report-of.ts';

/** What a report of rows is about, beside the rows. */
export interface TableReportOptions {
  /** What the table is called on the page. */
  readonly source: string;
  /** A column that says which rows are anomalies: the page then says what the scores are worth. */
  readonly label?: string;
  /** Its values of normal rows; default those of training, else the usual words for it. */
  readonly normal?: readonly string[];
  /** Counts rows that trained the model in the figures, too. Default false. */
  readonly allRows?: boolean;
  /** Share of normal rows that may be flagged. Default 0.01, or as little as the model can promise. */
  readonly falsePositiveRate?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
}

/**
 * What a page of a table shows, measured against the labels where there are any. Throws `detect/input`
 * for what needs a label and has none, and the errors of scoring and evaluating.
 */
export async function measuredReport(
  detector: Detector,
  table: Table,
  { source, label, normal, allRows, falsePositiveRate, signal }: TableReportOptions,
): Promise<{ readonly data: ReportData; readonly evaluation: Evaluation | undefined }> {
  if (label === undefined && (normal !== undefined || allRows === true)) {
    throw commandError(
      'detect/input',
      `expected a label with ${normal === undefined ? 'allRows' : 'normal'}, got no column that holds one`,
      { help: "For instance: `label: 'fraud'`" },
    );
  }
  const rate = falsePositiveRate ?? promisableRate(detector);
  const common = {
    ...(rate === undefined ? {} : { falsePositiveRate: rate }),
    ...(signal === undefined ? {} : { signal }),
  };
  const evaluation =
    label === undefined
      ? undefined
      : await detector.evaluate(table, {
          label,
          ...common,
          ...(normal === undefined ? {} : { normal }),
          ...(allRows === undefined ? {} : { allRows }),
        });
  const data = await reportOf(detector, table, {
    source,
    ...common,
    ...(evaluation === undefined ? {} : { evaluation }),
  });
  return { data, evaluation };
}
