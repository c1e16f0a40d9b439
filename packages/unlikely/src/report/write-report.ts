import { renderReport } from './render-report.ts';
import type { ReportData } from './report-data.ts';
import { writeWhole } from './write-whole.ts';

/** Writes the report to `path`, whole or not at all. Throws `report/not-written`. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  await writeWhole(path, renderReport(data));
}
