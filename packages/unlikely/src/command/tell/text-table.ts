import { shown } from './shown.ts';

export interface TextTableColumn {
  readonly align?: 'left' | 'right';
  /** Cut with an ellipsis beyond this many characters. */
  readonly maximum?: number;
}

export interface TextTableOptions {
  /** Default two spaces. */
  readonly indent?: string;
  /** Applied to the head and to each row after alignment, so that colours do not shift it. */
  readonly paintHead?: (line: string) => string;
  readonly paintRow?: (line: string, row: number) => string;
}

/** Rows as aligned lines, two spaces between the columns and none at the end. */
export function textTable(
  columns: readonly TextTableColumn[],
  head: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
  { indent = '  ', paintHead = (line) => line, paintRow = (line) => line }: TextTableOptions = {},
): string[] {
  const cut = (line: readonly string[]): string[] =>
    columns.map(({ maximum }, column) => shorten(shown(line[column] ?? ''), maximum));
  const headCells = head === undefined ? undefined : cut(head);
  const rowCells = rows.map(cut);
  const widths = columns.map((_, column) =>
    Math.max(...[headCells, ...rowCells].map((cells) => cells?.[column]!.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    (
      indent +
      cells
        .map((cell, column) =>
          columns[column]!.align === 'right'
            ? cell.padStart(widths[column]!)
            : cell.padEnd(widths[column]!),
        )
        .join('  ')
    ).trimEnd();
  return [
    ...(headCells === undefined ? [] : [paintHead(line(headCells))]),
    ...rowCells.map((cells, row) => paintRow(line(cells), row)),
  ];
}

/** A text of at most `maximum` characters on one line. */
export function shorten(text: string, maximum: number = Infinity): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > maximum ? `${line.slice(0, maximum - 1)}…` : line;
}
