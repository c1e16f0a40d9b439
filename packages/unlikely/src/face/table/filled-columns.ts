import type { Table } from '@unlikely/data';
import type { Manifest } from '@unlikely/detect';

/**
 * Columns that had no value in training and so are none of the model's, but have one here: whatever that
 * says is not in the scores.
 */
export async function filledColumns(table: Table, { schema }: Manifest): Promise<string[]> {
  const present = new Set(table.columns.map(({ name }) => name));
  const empty = schema.columns.filter(
    ({ name, kind, missing }) => kind === 'ignored' && missing === 1 && present.has(name),
  );
  const filled: string[] = [];
  for (const { name } of empty) {
    const [first, second] = await table.values(name, 2);
    if ((first?.value ?? second?.value ?? null) !== null) filled.push(name);
  }
  return filled;
}
