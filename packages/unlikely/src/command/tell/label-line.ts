import type { TrainingEvent, Words } from '@unlikely/detect';
import { enumerate, formatCount, formatItems } from '@unlikely/report/words';
import { labelled } from './labelled.ts';
import type { Canvas } from '../run/terminal.ts';

type LabelSummary = Omit<Extract<TrainingEvent, { kind: 'label' }>, 'kind'>;

const namedValues = 5;

/** `fraud: 0 is normal, 5,700 rows; 1 (300 rows) is not and 40 rows have no label: they are left out` */
export function labelLine(
  { label, normal, others, unlabelled }: LabelSummary,
  canvas: Canvas,
  words: Words,
): string {
  const counts = (each: LabelSummary['others']): string[] =>
    each
      .slice(0, namedValues)
      .map(({ value, rows }) => `${value} (${formatCount(rows)})`)
      .concat(each.length > namedValues ? [`${each.length - namedValues} more values`] : []);
  const rest = [
    ...(others.length === 0 ? [] : [enumerate(counts(others))]),
    ...(unlabelled === 0 ? [] : [`${formatItems(unlabelled, words)} without a label`]),
  ];
  const left = rest.length === 0 ? '' : `; not trained on: ${rest.join(', and ')}`;
  return labelled(canvas, 'label', `${label}: normal is ${enumerate(counts(normal))}${left}`);
}
