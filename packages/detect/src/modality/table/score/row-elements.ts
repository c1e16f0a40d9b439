import type { ModelCore } from '../core.ts';
import { storedRowCount } from './evidence.ts';
import { needsCodes, weighsEvidence } from '../score-kind.ts';

/** Elements of the largest tensor of the scoring program for one row. */
export function rowElements({ shape, features, configuration }: ModelCore): number {
  const draws = shape.members * Math.max(1, configuration.samples);
  const codes = needsCodes[configuration.score] ? shape.members * configuration.codes : 0;
  const stored = weighsEvidence(configuration.score)
    ? storedRowCount(configuration, features.length)
    : 0;
  return Math.max(draws * shape.outputs, codes, stored);
}
