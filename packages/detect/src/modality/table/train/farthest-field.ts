import type { EncodedRows } from '../column/feature.ts';
import type { ModelCore } from '../core.ts';

/** The name of the column whose values lie most deviations from their mean. */
export function farthestField({ fields, features }: ModelCore, { data }: EncodedRows): string {
  const width = fields.length;
  let farthest = { name: fields[0]?.column ?? '', distance: -1 };
  for (const { field, mean, deviation, category } of features) {
    if (category !== undefined) continue;
    for (let index = field; index < data.length; index += width) {
      const distance = Math.abs(data[index]! - mean) / deviation;
      if (distance > farthest.distance) farthest = { name: fields[field]!.column, distance };
    }
  }
  return farthest.name;
}
