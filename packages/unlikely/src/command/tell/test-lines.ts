import type { Evaluation, Words } from '@unlikely/detect';
import { formatItems, formatShare } from '@unlikely/report/words';
import { evaluationLines } from './evaluation-lines.ts';
import { labelled } from './labelled.ts';
import type { Canvas } from '../run/terminal.ts';

/** Of rows with labels, kept from training. */
export const defaultTestShare = 0.2;

/** What a training found of the rows that it kept to test on. */
export function testLines(
  evaluation: Evaluation,
  share: number,
  canvas: Canvas,
  words: Words,
): string[] {
  const { rows, leftOut } = evaluation;
  const kept = formatItems(rows + leftOut.known + leftOut.unlabelled, words);
  const told = `${kept} that training did not see: ${formatShare(share)} of the normal ones, and all others (--test-share ${share})`;
  const learnt = `the ${words.many} of the training`;
  return [
    '',
    labelled(canvas, 'test', told),
    // Whatever the model stores, these rows are new to it.
    ...evaluationLines({ ...evaluation, knowsRows: true }, canvas, { words, learnt }),
  ];
}
