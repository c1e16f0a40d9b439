import { openWriter } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import type { Contamination, Detector } from '@unlikely/detect';

const fewestSuspects = 20;
/** Each is explained, which takes memory. */
const mostSuspects = 10_000;

/** How many training rows a list of suspects should hold: as many as may stand out, and some more. */
export function suspectCount({ rows, upper }: Contamination): number {
  return Math.min(rows, mostSuspects, Math.max(fewestSuspects, Math.ceil(upper * rows)));
}

/** Writes the most suspicious training rows by falling score, whole or not at all. */
export async function writeSuspects(
  path: string,
  detector: Detector,
  table: Table,
  signal: AbortSignal,
): Promise<number> {
  const { contamination } = detector.manifest;
  const suspects = await detector.suspects(table, suspectCount(contamination!), signal);
  const writer = await openWriter(path, {
    columns: [
      { name: 'row', type: 'integer' },
      { name: 'score', type: 'double' },
      { name: 'p_value', type: 'double' },
      { name: 'top_features', type: 'text' },
    ],
  });
  try {
    await writer.write({
      rows: suspects.length,
      columns: {
        row: Float64Array.from(suspects, ({ row }) => row),
        score: Float64Array.from(suspects, ({ score }) => score),
        p_value: Float64Array.from(suspects, ({ pValue }) => pValue),
        top_features: suspects.map(({ reasons }) => reasons.join('; ')),
      },
    });
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return suspects.length;
}
