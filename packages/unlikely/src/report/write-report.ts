import { writeFileWhole } from '@unlikely/data';
import { renderReport } from './render-report.ts';
import type { ReportData } from './report-data.ts';

/** Writes the report to `path`, whole or not at all. Throws `data/not-writable`. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  await writeFileWhole(path, renderReport(data));
}
