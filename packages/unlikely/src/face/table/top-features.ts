import type { Field, Table } from '@unlikely/data';
import type { Detector, ScoredBatch } from '@unlikely/detect';

/** Why the flagged rows of a batch got their scores, as sentences; nothing for the other rows. */
export async function topFeatures(
  detector: Detector,
  table: Table,
  batch: ScoredBatch,
  flags: Uint8Array,
  { count, fast }: { readonly count: number; readonly fast: boolean },
): Promise<string[]> {
  const { fields } = detector.manifest.schema;
  const flagged = Array.from(flags.keys()).filter((index) => flags[index] === 1);
  // Only a value that training never saw has to be looked up; the others are known by their codes.
  const foreign = flagged.filter((index) => holdsUnseen(fields, batch, index));
  const records =
    foreign.length === 0 ? [] : await table.records(foreign.map((index) => batch.firstRow + index));
  const recordOf = new Map(foreign.map((index, position) => [index, records[position]!]));
  const texts = Array.from({ length: batch.rows }, () => '');
  const own = flagged.map((index) => recordOf.get(index) ?? {});
  const explanations = await detector.explanations(batch, flagged, own, { fast });
  explanations.forEach(({ features }, position) => {
    texts[flagged[position]!] = features
      .slice(0, count)
      .filter(({ contribution }, rank) => rank === 0 || contribution > 0)
      .map(({ sentence }) => sentence)
      .join('; ');
  });
  return texts;
}

function holdsUnseen(fields: readonly Field[], { details }: ScoredBatch, index: number): boolean {
  return fields.some(
    (field, position) =>
      'categories' in field &&
      details!.encoded[index * fields.length + position] === field.categories.length,
  );
}
