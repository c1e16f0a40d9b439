import { dataError } from '../../data-error.ts';
import type { Column, ColumnKind, Schema } from '../schema.ts';
import type { InferenceOptions } from '../table.ts';
import { makeFields, missingShare, type Judged } from './make-fields.ts';
import { chooseKind, type Decision } from './choose-kind.ts';
import { missingColumns } from '../missing-columns.ts';
import { allNumbers, allTimestamps, type ColumnFacts } from './column-facts.ts';
import type { ColumnQueries, Count } from './column-queries.ts';

const columnKinds: readonly ColumnKind[] = [
  'numeric',
  'binary',
  'categorical',
  'count',
  'timestamp',
  'ignored',
];
const defaultMaximumCategories = 100;
/** Approximate counts are up to some 15 % off; twice that decides nothing wrongly. */
const countMargin = 1.3;
/** Fewer rows show no order: five numbers rise by chance once in 120 times. */
const fewestOrderedRows = 8;
/** Whole numbers of which this share differs may be identifiers. */
const differingShare = 0.5;
/** A text column of which this share casts is probably numbers or times with a few faults. */
const mostlyShare = 0.9;

/** Decides the kind of every column and gathers the statistics of the fields. */
export async function inferSchema(
  queries: ColumnQueries,
  rows: number,
  options: InferenceOptions = {},
): Promise<Schema> {
  const kinds = options.kinds ?? {};
  const ignore = new Set(options.ignore ?? []);
  const maximumCategories = options.maximumCategories ?? defaultMaximumCategories;
  const known = new Set(queries.columns.map(({ name }) => name));
  const unknown = [...ignore, ...Object.keys(kinds)].filter((name) => !known.has(name));
  if (unknown.length > 0) throw missingColumns(unknown, queries.columns);
  for (const [name, kind] of Object.entries(kinds)) {
    if (columnKinds.includes(kind)) continue;
    throw dataError('data/wrong-option', `expected a kind for ${name}, got ${String(kind)}`, {
      help: `Take one of ${columnKinds.join(', ')}.`,
    });
  }
  if (rows === 0) {
    throw dataError('data/empty', 'expected rows to infer a schema from, but there are none', {
      help: 'Check the filter or the file.',
    });
  }
  const wanted = (name: string): ColumnKind | undefined =>
    ignore.has(name) ? 'ignored' : Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const names = queries.columns.map(({ name }) => name);
  const facts = await queries.facts(names.filter((name) => wanted(name) !== 'ignored'));
  const tallied = facts.filter((one) =>
    needsTally(one, maximumCategories, wanted(one.column.name)),
  );
  const tallies = await queries.tallyValues(tallied);
  const judged = new Map<string, Judged>();
  for (const one of facts) {
    const all = tallies.get(one.column.name);
    const top = all === undefined ? await heavyValues(queries, one, maximumCategories) : [];
    const asked = wanted(one.column.name);
    const decision =
      asked === undefined
        ? chooseKind({
            facts: one,
            values: all,
            top,
            steps: mayBeCounter(one) ? await queries.countSteps(one) : undefined,
            misfit: await misfitOf(queries, one),
            maximumCategories,
          })
        : await obey(queries, one, asked);
    judged.set(one.column.name, { facts: one, values: all ?? top, decision });
  }
  return {
    columns: queries.columns.map((column) => describeColumn(column, judged.get(column.name))),
    fields: await makeFields(queries, [...judged.values()], maximumCategories),
    rows,
    missingValues: queries.missingValues,
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
  queries: ColumnQueries,
  facts: ColumnFacts,
  maximumCategories: number,
): Promise<readonly Count[]> {
  if (facts.storage !== 'text' || facts.present === 0) return [];
  if (allNumbers(facts) || allTimestamps(facts)) return [];
  const most = facts.present * 0.1 * countMargin + maximumCategories;
  return queries.topValues(facts, facts.distinct <= most ? maximumCategories : 1);
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
  queries: ColumnQueries,
  facts: ColumnFacts,
): Promise<{ value: string; row: number } | undefined> {
  if (facts.storage !== 'text' || facts.leadingZeros) return undefined;
  const share = (count: number): boolean =>
    count < facts.present && count >= facts.present * mostlyShare;
  if (share(facts.numbers)) return queries.firstMisfit(facts, 'number');
  return share(facts.timestamps) ? queries.firstMisfit(facts, 'timestamp') : undefined;
}

/** The kind that the caller asked for, where the values allow it. */
async function obey(
  queries: ColumnQueries,
  facts: ColumnFacts,
  kind: ColumnKind,
): Promise<Decision> {
  const { column, storage } = facts;
  const expected =
    kind === 'numeric' || kind === 'count'
      ? 'number'
      : kind === 'timestamp'
        ? 'timestamp'
        : undefined;
  const misfit =
    expected === undefined || storage === 'other'
      ? undefined
      : await queries.firstMisfit(facts, expected);
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
