import { openWriter } from '@unlikely/data';
import type { Words } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import type { Made, MadeRows } from '../face/face.ts';
import type { Run } from './run/run.ts';
import { labelled } from './tell/labelled.ts';
import { formatBytes } from './tell/units.ts';

/** @throws UnlikelyError `usage/invalid` where data and `--json` would both go to standard output. */
export function refuseTwoOutputs({
  json,
  output,
}: {
  readonly json?: boolean;
  readonly output: string;
}): void {
  if (json !== true || output !== '-') return;
  throw commandError(
    'usage/invalid',
    'expected --output FILE with --json, since both would go to standard output',
    { help: 'Name a file: --json -o rows.csv' },
  );
}

/** Writes batches of rows as they come, the file whole or not at all, and says how many they were. */
export async function writeRows(
  output: string,
  { columns, keep, batches, doing, done, more }: MadeRows,
  words: Words,
  run: Run,
): Promise<Made> {
  const { standardOutput } = run;
  const writer = await openWriter(output, {
    columns,
    standardOutput,
    ...(keep === undefined ? {} : { keep }),
  });
  let rows = 0;
  let bytes: number;
  try {
    for await (const batch of batches) {
      run.signal.throwIfAborted();
      await writer.write(batch);
      rows += batch.rows;
      run.status(labelled(run, doing, `${formatCount(rows)} ${words.many}`));
    }
    ({ bytes } = await writer.close());
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return {
    lines: [
      labelled(run, words.many, `${formatCount(rows)} ${done}`),
      ...(output === '-' ? [] : [labelled(run, 'output', `${output}, ${formatBytes(bytes)}`)]),
    ],
    facts: { output, bytes, rows, ...more?.() },
  };
}
