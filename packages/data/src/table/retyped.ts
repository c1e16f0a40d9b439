import { dataError } from '../data-error.ts';
import type { Field } from './schema.ts';

const expectations: Readonly<Record<Field['kind'], string>> = {
  numeric: 'a number',
  count: 'a number',
  binary: 'a category',
  categorical: 'a category',
  cyclic: 'a time',
};

/**
 * The error for a value that a field cannot hold.
 *
 * @param came The value, or the type of the column, as it is shown.
 */
export function retyped(
  field: Pick<Field, 'column' | 'kind'>,
  came: string,
  details: Readonly<Record<string, unknown>>,
): Error {
  return dataError(
    'data/retyped-column',
    `expected ${expectations[field.kind]} in every row of column "${field.column}", but it holds ${came}`,
    {
      help: 'Correct the value, or train again on the new table.',
      details: { column: field.column, ...details },
    },
  );
}
