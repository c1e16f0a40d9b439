import { numberExpression, timestampExpression } from '../encode-in-sql.ts';
import { columnNamed, type Relation } from '../relation.ts';
import type { ColumnQueries } from '../../infer/column-queries.ts';
import { readColumnFacts } from './column-facts.ts';
import {
  countSteps,
  firstMisfit,
  readQuantiles,
  tallyCycle,
  tallyValues,
  topValues,
} from './tally.ts';

/** What inference asks, as SQL. */
export function sqlQueries(relation: Relation, rows: number): ColumnQueries {
  return {
    columns: relation.columns,
    missingValues: relation.missingValues,
    facts(names) {
      const columns = names.map((name) => columnNamed(relation, name));
      return readColumnFacts({ ...relation, columns }, rows);
    },
    tallyValues: (facts) => tallyValues(relation, facts),
    topValues: (facts, limit) => topValues(relation, facts, limit),
    countSteps: (facts) => countSteps(relation, facts),
    firstMisfit(facts, expected) {
      const column = columnNamed(relation, facts.column.name);
      const cast = expected === 'number' ? numberExpression(column) : timestampExpression(column);
      return firstMisfit(relation, column, cast);
    },
    quantiles: (facts) => readQuantiles(relation, rows, facts),
    tallyCycle: (facts, part) => tallyCycle(relation, facts, part),
  };
}
