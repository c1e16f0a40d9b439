import { rowNumber, type Relation } from '../relation.ts';
import { spreadBlocks } from '../spread-blocks.ts';

/**
 * The SQL that, of numbered rows, keeps evenly spread blocks of a share of them.
 *
 * @param each Rows for which it holds are counted apart from the others, so that the blocks have the share of
 *   both, however the rows are sorted.
 */
export async function testCondition(
  relation: Relation,
  rows: number,
  share: number,
  each?: string,
): Promise<string> {
  const conditions =
    each === undefined
      ? spreadBlocks(rows, share).map(({ start, end }) => between(start, end - 1))
      : (await placesOf(relation, each)).flatMap((places, holds) =>
          spreadBlocks(places.length, share).map(
            ({ start, end }) =>
              `(${between(places[start]!, places[end - 1]!)} AND (${each}) = ${holds === 1})`,
          ),
        );
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}

function between(first: number, last: number): string {
  return `(${rowNumber} BETWEEN ${first} AND ${last})`;
}

/** Numbers of the rows for which a condition does not hold, and of those for which it does. */
async function placesOf({ database, from }: Relation, condition: string): Promise<number[][]> {
  const places: [number[], number[]] = [[], []];
  let row = 0;
  const query = `SELECT CASE WHEN ${condition} THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END FROM ${from}`;
  for await (const chunk of database.stream(query)) {
    const holds = chunk.doubles(0);
    for (let at = 0; at < chunk.rows; at++) places[holds[at] === 1 ? 1 : 0].push(row++);
  }
  return places;
}
