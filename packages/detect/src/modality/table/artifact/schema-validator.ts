import { cyclicPeriods, quantileLevels } from '@unlikely/data/schema';
import type { CyclicPart, Schema } from '@unlikely/data/source';
import { count } from '../../../artifact/manifest-parts.ts';
import {
  byKind,
  finite,
  list,
  object,
  oneOf,
  optional,
  share,
  text,
  truth,
} from '../../../artifact/validation.ts';
import type { Proves, Validator } from '../../../artifact/validation.ts';

/** Columns, fields and features that a model may have: networks of more would not fit into memory. */
export const mostColumns = 100_000;
/** Categories of a field; inference keeps a hundred unless it is asked for more. */
const mostCategories = 65_536;
const mostMissingValues = 10_000;

const own = { name: text(), column: text('The column of the table that it is of.') };
const missing = share('Share of the rows without a value.');

const number = {
  ...own,
  mean: finite(),
  deviation: finite('Population standard deviation.'),
  minimum: finite(),
  maximum: finite(),
  quantiles: list(finite(), quantileLevels.length, `At ${quantileLevels.join(', ')}.`),
  integer: truth('Whether every value is whole.'),
  missing,
};

const column = object({
  name: text(),
  storageType: text(),
  kind: oneOf(['numeric', 'binary', 'categorical', 'count', 'timestamp', 'ignored']),
  reason: text('Why it is of this kind.'),
  missing,
  distinct: count('Number of different values.'),
});

const field = byKind([
  object({ kind: oneOf(['numeric']), ...number }),
  object({ kind: oneOf(['count']), ...number }),
  object({
    kind: oneOf(['binary', 'categorical']),
    ...own,
    categories: list(text(), mostCategories, 'By falling frequency.'),
    frequencies: list(share(), mostCategories, 'Of each category.'),
    missing,
  }),
  object({
    kind: oneOf(['cyclic']),
    ...own,
    part: oneOf(Object.keys(cyclicPeriods) as CyclicPart[]),
    period: oneOf(Object.values(cyclicPeriods)),
    frequencies: list(share(), Math.max(...Object.values(cyclicPeriods))),
    missing,
  }),
]);

const schema = object(
  {
    columns: list(column, mostColumns, 'Columns of the table.'),
    fields: list(field, mostColumns, 'What the model sees of a row, one number each.'),
    rows: count('Rows that it was inferred on.'),
    missingValues: optional(list(text(), mostMissingValues, 'Texts that stand for no value.')),
  },
  'What the columns of a table are.',
);

/** The schema of a table, as a file has it. */
export const schemaValidator: Validator<Schema> = schema;

const proof: Proves<typeof schema, Schema> = true;
void proof;
