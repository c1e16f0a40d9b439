import { dataError } from '../data-error.ts';

/** The error for columns that a table does not have. */
export function missingColumns(
  names: readonly string[],
  columns: readonly { readonly name: string }[],
): Error {
  const listed = columns
    .slice(0, 30)
    .map(({ name }) => name)
    .join(', ');
  const more = columns.length > 30 ? `, … (${columns.length} columns)` : '';
  const what = names.length === 1 ? 'the column' : 'the columns';
  return dataError(
    'data/missing-column',
    `expected ${what} ${names.map((name) => `"${name}"`).join(', ')}, but the table has ${listed}${more}`,
    {
      help: 'Check the spelling; names are compared with upper and lower case.',
      details: { columns: names },
    },
  );
}
