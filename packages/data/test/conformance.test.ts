import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultMissingValues, tableFromRecords } from '@unlikely/data';
import type { Field, Schema } from '@unlikely/data';
import { recordEncoder } from '@unlikely/data/memory';
import { numberNotation } from '../src/table/number-notation.ts';
import { timestampNotation } from '../src/table/timestamp-notation.ts';
import { collect } from './contract/describe-table.ts';

/** A number, or why there is none. */
type Becomes = number | 'missing' | 'refused';
type Case = readonly [value: unknown, becomes: Becomes];

const conformance: {
  notations: { number: string; timestamp: string };
  missingValues: readonly string[];
  cases: readonly { field: Field; values: readonly Case[] }[];
} = JSON.parse(readFileSync(new URL('../conformance/encoding.json', import.meta.url), 'utf8'));

const schemaOf = (field: Field): Schema => ({
  columns: [],
  fields: [{ ...field, name: 'value', column: 'value', missing: 0 }],
  rows: 1,
});
const nameOf = ({ field }: { field: Field }): string => JSON.stringify(field);

function inJavaScript(schema: Schema, value: unknown): Becomes {
  const row = new Float64Array(1);
  try {
    recordEncoder(schema).encode({ value }, row);
  } catch {
    return 'refused';
  }
  return Number.isNaN(row[0]) ? 'missing' : row[0]!;
}

/** Of a table of these values alone, which are of one type. */
async function inSql(schema: Schema, values: readonly unknown[]): Promise<Becomes[]> {
  await using table = await tableFromRecords(values.map((value) => ({ value })));
  try {
    await table.match(schema);
    const encoded = await collect(table.batches(schema));
    return [...encoded].map((number) => (Number.isNaN(number) ? 'missing' : number));
  } catch {
    return values.map(() => 'refused');
  }
}

describe('the conformance file', () => {
  it('has the notations and the words for missing values of the encoder', () => {
    expect(conformance.notations).toEqual({ number: numberNotation, timestamp: timestampNotation });
    expect(conformance.missingValues).toEqual(defaultMissingValues);
  });

  it.each(conformance.cases.map((each) => [nameOf(each), each] as const))(
    'holds in JavaScript: %s',
    (_, { field, values }) => {
      const schema = schemaOf(field);
      expect(values.map(([value]) => [value, inJavaScript(schema, value)])).toEqual(values);
    },
  );

  it.each(conformance.cases.map((each) => [nameOf(each), each] as const))(
    'holds in SQL: %s',
    async (_, { field, values }) => {
      const schema = schemaOf(field);
      // What is refused would have all others refused as well.
      const groups = new Map<unknown, Case[]>();
      for (const each of values) {
        const type = each[1] === 'refused' ? each[0] : typeof each[0];
        groups.set(type, [...(groups.get(type) ?? []), each]);
      }
      for (const group of groups.values()) {
        const found = await inSql(
          schema,
          group.map(([value]) => value),
        );
        expect(group.map(([value], index) => [value, found[index]])).toEqual(group);
      }
    },
    120_000,
  );
});
