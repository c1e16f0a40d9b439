import { rename, rm, writeFile } from 'node:fs/promises';
import { UnlikelyError } from '@unlikely/graph';
import type { ReportErrorCode } from './error-code.ts';

/**
 * Writes a file: first beside its place, then renamed, so that no reader sees half of it and a
 * failure leaves the former one. Throws `report/not-written`.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}.partial`;
  try {
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new UnlikelyError<ReportErrorCode>(
      'report/not-written',
      `expected to write to ${path}, got ${(cause as Error).message}`,
      {
        help: 'Choose a file name in a folder that exists and that you may write to.',
        details: { path },
        cause,
      },
    );
  }
}
