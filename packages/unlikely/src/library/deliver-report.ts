import type { ReportData } from '@unlikely/report';

/** The page as a string where that is asked for; else it is written. Throws `data/not-writable`. */
export async function deliverReport(output: string, data: ReportData): Promise<string | void> {
  if (output !== 'string') {
    const { writeReport } = await import('../report/write-report.ts');
    return writeReport(output, data);
  }
  const { renderReport } = await import('@unlikely/report');
  return renderReport(data);
}
