import { rowNumber, type Relation } from '../relation.ts';
import { spreadBlocks } from '../../../sample/spread-blocks.ts';

/**
 * The SQL that, of numbered rows, keeps evenly spread blocks of a share of them.
 *
 * @param each Only rows for which it holds are shared out; the others are all kept.
 */
export async function testCondition(
  relation: Relation,
  rows: number,
  share: number,
  each?: string,
): Promise<string> {
  const places = each === undefined ? undefined : await placesOf(relation, each);
  const blocks = spreadBlocks(places?.length ?? rows, share).map(({ start, end }) => {
    const [first, last] = [start, end - 1].map((place) => places?.[place] ?? place);
    return `${rowNumber} BETWEEN ${first} AND ${last}`;
  });
  const conditions = each === undefined ? blocks : [...blocks, `NOT (${each})`];
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}

/** Numbers of the rows for which a condition holds. */
async function placesOf({ database, from }: Relation, condition: string): Promise<number[]> {
  const places: number[] = [];
  let row = 0;
  const query = `SELECT CASE WHEN ${condition} THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END FROM ${from}`;
  for await (const chunk of database.stream(query)) {
    const holds = chunk.doubles(0);
    for (let at = 0; at < chunk.rows; at++, row++) if (holds[at] === 1) places.push(row);
  }
  return places;
}
