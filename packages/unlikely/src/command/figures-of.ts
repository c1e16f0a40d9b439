import type { Evaluation } from '@unlikely/detect';

/** The figures of an evaluation as `--json` prints them, without an entry for each row. */
export function figuresOf(
  evaluation: Evaluation,
): Omit<Evaluation, 'scores' | 'labels' | 'rowNumbers'> {
  const { scores: _scores, labels: _labels, rowNumbers: _rowNumbers, ...figures } = evaluation;
  return figures;
}
