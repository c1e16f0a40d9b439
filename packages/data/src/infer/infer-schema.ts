import { RandomStream } from '@unlikely/graph';
import { dataError } from '../data-error.ts';
import { numberExpression, timestampExpression } from '../expression.ts';
import { chooseRows, withNumbers } from '../read/sample.ts';
import { chosenRows, missingColumns, type Relation } from '../relation.ts';
import {
  cyclicPeriods,
  type CategoryField,
  type Column,
  type ColumnKind,
  type CountField,
  type CyclicField,
  type Field,
  type NumericField,
  type Schema,
} from '../schema.ts';
import type { InferenceOptions } from '../table.ts';
import { chooseKind, cyclicParts, type Decision } from './choose-kind.ts';
import { allNumbers, allTimestamps, readColumnFacts, type ColumnFacts } from './column-facts.ts';
import {
  countSteps,
  firstMisfit,
  readQuantiles,
  tallyCycle,
  tallyValues,
  topValues,
  type Count,
} from './tally.ts';

const defaultMaximumCategories = 100;
const mostQuantileRows = 262_144;
/** Approximate counts are up to some 15 % off; twice that decides nothing wrongly. */
const countMargin = 1.3;
/** Fewer rows show no order: five numbers rise by chance once in 120 times. */
const fewestOrderedRows = 8;
/** Whole numbers of which this share differs may be identifiers. */
const differingShare = 0.5;
/** A text column of which this share casts is probably numbers or times with a few faults. */
const mostlyShare = 0.9;

interface Judged {
  readonly facts: ColumnFacts;
  /** By falling frequency; the most frequent where there are many. */
  readonly values: readonly Count[];
  readonly decision: Decision;
}

/** Decides the kind of every column and gathers the statistics of the fields. */
export async function inferSchema(
  relation: Relation,
  rows: number,
  options: InferenceOptions = {},
): Promise<Schema> {
  const kinds = options.kinds ?? {};
  const ignore = new Set(options.ignore ?? []);
  const maximumCategories = options.maximumCategories ?? defaultMaximumCategories;
  const known = new Set(relation.columns.map(({ name }) => name));
  const unknown = [...ignore, ...Object.keys(kinds)].filter((name) => !known.has(name));
  if (unknown.length > 0) throw missingColumns(unknown, relation);
  if (rows === 0) {
    throw dataError('data/empty', 'expected rows to infer a schema from, but there are none', {
      help: 'Check the filter or the file.',
    });
  }
  const wanted = (name: string): ColumnKind | undefined =>
    ignore.has(name) ? 'ignored' : Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const used = {
    ...relation,
    columns: relation.columns.filter(({ name }) => wanted(name) !== 'ignored'),
  };
  const facts = await readColumnFacts(used, rows);
  const tallied = facts.filter((one) =>
    needsTally(one, maximumCategories, wanted(one.column.name)),
  );
  const tallies = await tallyValues(used, tallied);
  const judged = new Map<string, Judged>();
  for (const one of facts) {
    const all = tallies.get(one.column.name);
    const top = all === undefined ? await heavyValues(used, one, maximumCategories) : [];
    const asked = wanted(one.column.name);
    const decision =
      asked === undefined
        ? chooseKind({
            facts: one,
            values: all,
            top,
            steps: mayBeCounter(one) ? await countSteps(used, one) : undefined,
            misfit: await misfitOf(used, one),
            maximumCategories,
          })
        : await obey(used, one, asked);
    judged.set(one.column.name, { facts: one, values: all ?? top, decision });
  }
  return {
    columns: relation.columns.map((column) => describeColumn(column, judged.get(column.name))),
    fields: await makeFields(used, rows, [...judged.values()], maximumCategories),
    rows,
  };
}

function needsTally(
  facts: ColumnFacts,
  maximumCategories: number,
  asked: ColumnKind | undefined,
): boolean {
  if (facts.storage === 'other' || facts.present === 0) return false;
  if (asked === 'binary' || asked === 'categorical') return true;
  if (asked !== undefined || allTimestamps(facts)) return false;
  if (allNumbers(facts)) return facts.distinct <= 8;
  return facts.distinct <= maximumCategories * countMargin;
}

/** Many values can still be few heavy ones, but not where every tenth row has a value of its own. */
async function heavyValues(
  relation: Relation,
  facts: ColumnFacts,
  maximumCategories: number,
): Promise<readonly Count[]> {
  if (facts.storage !== 'text' || facts.present === 0) return [];
  if (allNumbers(facts) || allTimestamps(facts)) return [];
  const most = facts.present * 0.1 * countMargin + maximumCategories;
  return topValues(relation, facts, facts.distinct <= most ? maximumCategories : 1);
}

function mayBeCounter(facts: ColumnFacts): boolean {
  return (
    allNumbers(facts) &&
    facts.integer &&
    facts.infinite === 0 &&
    facts.present >= fewestOrderedRows &&
    facts.distinct >= facts.present * differingShare
  );
}

async function misfitOf(
  relation: Relation,
  facts: ColumnFacts,
): Promise<{ value: string; row: number } | undefined> {
  if (facts.storage !== 'text' || facts.leadingZeros) return undefined;
  const share = (count: number): boolean =>
    count < facts.present && count >= facts.present * mostlyShare;
  if (share(facts.numbers)) return firstMisfit(relation, facts, numberExpression(facts.column));
  return share(facts.timestamps)
    ? firstMisfit(relation, facts, timestampExpression(facts.column))
    : undefined;
}

/** The kind that the caller asked for, where the values allow it. */
async function obey(relation: Relation, facts: ColumnFacts, kind: ColumnKind): Promise<Decision> {
  const { column, storage } = facts;
  const cast =
    kind === 'numeric' || kind === 'count'
      ? numberExpression(column)
      : kind === 'timestamp'
        ? timestampExpression(column)
        : undefined;
  const misfit =
    cast === undefined || storage === 'other'
      ? undefined
      : await firstMisfit(relation, facts, cast);
  if (misfit !== undefined || storage === 'other') {
    const came =
      misfit === undefined ? column.storageType : `"${misfit.value}" in row ${misfit.row}`;
    throw dataError(
      'data/retyped-column',
      `expected column "${column.name}" to be ${kind} as asked, but it holds ${came}`,
      {
        help: 'Ask for another kind, or correct the value.',
        details: { column: column.name, ...misfit },
      },
    );
  }
  return { kind, reason: `${kind} as asked` };
}

function describeColumn(
  column: { readonly name: string; readonly storageType: string },
  judged: Judged | undefined,
): Column {
  const { name, storageType } = column;
  if (judged === undefined) {
    return {
      name,
      storageType,
      kind: 'ignored',
      reason: 'ignored as asked',
      missing: 0,
      distinct: 0,
    };
  }
  const { facts, values, decision } = judged;
  const distinct = facts.storage !== 'text' && values.length > 0 ? values.length : facts.distinct;
  return { name, storageType, ...decision, missing: missingShare(facts), distinct };
}

async function makeFields(
  relation: Relation,
  rows: number,
  judged: readonly Judged[],
  maximumCategories: number,
): Promise<readonly Field[]> {
  const numeric = judged.filter(
    ({ decision }) => decision.kind === 'numeric' || decision.kind === 'count',
  );
  const expressions = numeric.map(({ facts }) => numberExpression(facts.column));
  const quantiles = await boundedQuantiles(relation, rows, expressions);
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
        fields.push(...(await cyclicFields(relation, one.facts)));
        break;
      case 'ignored':
        break;
      default:
        kind satisfies never;
    }
  }
  return fields;
}

async function boundedQuantiles(
  relation: Relation,
  rows: number,
  expressions: readonly string[],
): Promise<readonly (readonly number[])[]> {
  if (rows <= mostQuantileRows || expressions.length === 0) {
    return readQuantiles(relation, expressions);
  }
  const chosen = chooseRows(rows, mostQuantileRows, new RandomStream(0, 'quantiles'));
  return withNumbers(relation, chosen, (numbers) =>
    readQuantiles({ ...relation, from: chosenRows(relation, numbers) }, expressions),
  );
}

function numberField(
  kind: 'numeric' | 'count',
  facts: ColumnFacts,
  inner: readonly number[],
): NumericField | CountField {
  const { minimum, maximum, mean, deviation, integer, column } = facts;
  const quantiles = inner.length === 0 ? new Array<number>(11).fill(minimum) : [...inner];
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

function categoryField(
  kind: 'binary' | 'categorical',
  { facts, values }: Judged,
  maximumCategories: number,
): CategoryField {
  const all: readonly Count[] =
    facts.storage === 'boolean' && values.length === 1
      ? [...values, [values[0]![0] === 'true' ? 'false' : 'true', 0]]
      : values;
  // Nothing can be learnt from a category that one row has: it counts as unseen.
  const repeated = kind === 'binary' ? all : all.filter(([, count]) => count > 1);
  const kept = (repeated.length === 0 ? all : repeated).slice(0, maximumCategories);
  return {
    kind,
    name: facts.column.name,
    column: facts.column.name,
    categories: kept.map(([value]) => value),
    frequencies: kept.map(([, count]) => count / facts.present),
    missing: missingShare(facts),
  };
}

async function cyclicFields(relation: Relation, facts: ColumnFacts): Promise<CyclicField[]> {
  const { name } = facts.column;
  const fields: CyclicField[] = [];
  const parts = facts.timestamps > 0 ? cyclicParts(facts.days) : (['hour', 'weekday'] as const);
  for (const part of parts) {
    const frequencies = await tallyCycle(relation, facts, part);
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

function missingShare({ rows, present }: ColumnFacts): number {
  return (rows - present) / rows;
}
