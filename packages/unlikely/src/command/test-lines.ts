import type { Evaluation } from '@unlikely/detect';
import { formatRows, formatShare } from '@unlikely/report/words';
import type { Noun } from '@unlikely/report/words';
import { evaluationLines } from './evaluation-lines.ts';
import { labelled } from './labelled.ts';
import type { Canvas } from './terminal.ts';

/** Of rows with labels, kept from training. */
export const defaultTestShare = 0.2;

/** What a training found of the rows that it kept to test on. */
export function testLines(
  evaluation: Evaluation,
  share: number,
  canvas: Canvas,
  noun: Noun = 'row',
): string[] {
  const { rows, leftOut } = evaluation;
  const kept = formatRows(rows + leftOut.known + leftOut.unlabelled, noun);
  const words = `${kept} that training did not see: ${formatShare(share)} of the normal ones, and all others (--test-share ${share})`;
  const learnt = `the ${noun}s of the training`;
  return [
    '',
    labelled(canvas, 'test', words),
    // Whatever the model stores, these rows are new to it.
    ...evaluationLines({ ...evaluation, knowsRows: true }, canvas, { noun, learnt }),
  ];
}
