import type { ReportData } from '@unlikely/report';

/** Writes the report to `path`, whole or not at all. Throws `data/not-writable`. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const { renderReport } = await import('@unlikely/report');
  const { writeFileWhole } = await import('@unlikely/data');
  await writeFileWhole(path, await renderReport(data));
}
