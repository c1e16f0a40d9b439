import type { Schema } from '@unlikely/data';
import type { Canvas } from '../../command/run/terminal.ts';
import { shown } from '../../command/tell/shown.ts';
import { textTable } from '../../command/tell/text-table.ts';

/** Beyond this many columns the table shows the first ones and those that are left out. */
const longest = 24;

/** How each column is taken, and why. */
export function schemaTable({ columns }: Schema, { paint, width }: Canvas): string[] {
  const listed =
    columns.length <= longest
      ? columns
      : columns
          .filter((column, index) => index < longest - 8 || column.kind === 'ignored')
          .slice(0, longest);
  const nameWidth = Math.min(
    28,
    Math.max('column'.length, ...listed.map(({ name }) => shown(name).length)),
  );
  const reasonWidth = Math.max(30, width - nameWidth - 'categorical'.length - 6);
  const lines = textTable(
    [{ maximum: nameWidth }, {}, { maximum: reasonWidth }],
    ['column', 'kind', 'why'],
    listed.map(({ name, kind, reason }) => [name, kind, reason]),
    {
      paintHead: paint.dim,
      paintRow: (line, row) => (listed[row]!.kind === 'ignored' ? paint.dim(line) : line),
    },
  );
  const hidden = columns.length - listed.length;
  return hidden === 0
    ? lines
    : [...lines, paint.dim(`  … and ${hidden} more; unlikely inspect MODEL lists all`)];
}
