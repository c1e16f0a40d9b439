import { rename, rm, writeFile } from 'node:fs/promises';
import { UnlikelyError } from '@unlikely/graph';
import type { ReportErrorCode } from './error-code.ts';
import { renderReport } from './render-report.ts';
import type { ReportData } from './report-data.ts';

/**
 * Writes the report to `path`: first beside it, then renamed, so that no reader sees half a page and
 * a failure leaves the former one. Throws `report/not-written`.
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const page = renderReport(data);
  const beside = `${path}.${process.pid}.partial`;
  try {
    await writeFile(beside, page);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new UnlikelyError<ReportErrorCode>(
      'report/not-written',
      `expected to write the report to ${path}, got ${(cause as Error).message}`,
      {
        help: 'Choose a file name in a folder that exists and that you may write to.',
        details: { path },
        cause,
      },
    );
  }
}
