import {
  cyclicPeriods,
  quantileLevels,
  type CategoryField,
  type CountField,
  type CyclicField,
  type Field,
  type NumericField,
} from '../schema.ts';
import { cyclicParts, type Decision } from './choose-kind.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { ColumnQueries, Count } from './column-queries.ts';

/** A column whose kind is decided. */
export interface Judged {
  readonly facts: ColumnFacts;
  /** By falling frequency; the most frequent where there are many. */
  readonly values: readonly Count[];
  readonly decision: Decision;
}

/** The fields of all columns, with their statistics. */
export async function makeFields(
  queries: ColumnQueries,
  judged: readonly Judged[],
  maximumCategories: number,
): Promise<readonly Field[]> {
  const numeric = judged.filter(
    ({ decision }) => decision.kind === 'numeric' || decision.kind === 'count',
  );
  const quantiles = await queries.quantiles(numeric.map(({ facts }) => facts));
  const fields: Field[] = [];
  for (const one of judged) {
    const { kind } = one.decision;
    switch (kind) {
      case 'numeric':
      case 'count':
        fields.push(numberField(kind, one.facts, quantiles[numeric.indexOf(one)]!));
        break;
      case 'binary':
      case 'categorical':
        fields.push(categoryField(kind, one, maximumCategories));
        break;
      case 'timestamp':
        fields.push(...(await cyclicFields(queries, one.facts)));
        break;
      case 'ignored':
        break;
      default:
        kind satisfies never;
    }
  }
  return fields;
}

function numberField(
  kind: 'numeric' | 'count',
  facts: ColumnFacts,
  inner: readonly number[],
): NumericField | CountField {
  const { minimum, maximum, mean, deviation, integer, column } = facts;
  const quantiles = inner.length === 0 ? quantileLevels.map(() => minimum) : [...inner];
  quantiles[0] = minimum;
  quantiles[quantiles.length - 1] = maximum;
  const name = { name: column.name, column: column.name };
  return {
    kind,
    ...name,
    mean,
    deviation,
    minimum,
    maximum,
    quantiles,
    integer,
    missing: missingShare(facts),
  };
}

/** Expected share of new values from which on a list of categories is open. */
const openListShare = 0.01;

function categoryField(
  kind: 'binary' | 'categorical',
  { facts, values }: Judged,
  maximumCategories: number,
): CategoryField {
  const all: readonly Count[] =
    facts.storage === 'boolean' && values.length === 1
      ? [...values, [values[0]![0] === 'true' ? 'false' : 'true', 0]]
      : values;
  // The share of values that came once estimates that of values still to come (Good 1953). In an
  // open list they count as unseen, which they stand for; in a closed one they are kept, or what is
  // truly new would look familiar.
  const singles = all.filter(([, count]) => count === 1).length;
  const open = singles > openListShare * facts.present;
  const repeated = all.filter(([, count]) => count > 1);
  const kept = (open && repeated.length > 0 ? repeated : all).slice(0, maximumCategories);
  return {
    kind,
    name: facts.column.name,
    column: facts.column.name,
    categories: kept.map(([value]) => value),
    frequencies: kept.map(([, count]) => count / facts.present),
    missing: missingShare(facts),
  };
}

async function cyclicFields(queries: ColumnQueries, facts: ColumnFacts): Promise<CyclicField[]> {
  const { name } = facts.column;
  const fields: CyclicField[] = [];
  const parts = facts.timestamps > 0 ? cyclicParts(facts.days) : (['hour', 'weekday'] as const);
  for (const part of parts) {
    const frequencies = await queries.tallyCycle(facts, part);
    // The hours of dates are all 0.
    if (frequencies.filter((share) => share > 0).length < 2) continue;
    const common = { column: name, part, period: cyclicPeriods[part] };
    fields.push({
      kind: 'cyclic',
      name: `${name} (${part})`,
      ...common,
      frequencies,
      missing: missingShare(facts),
    });
  }
  return fields;
}

/** Share of the rows without a value. */
export function missingShare({ rows, present }: ColumnFacts): number {
  return (rows - present) / rows;
}
