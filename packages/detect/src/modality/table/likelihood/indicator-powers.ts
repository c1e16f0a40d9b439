import type { Feature } from '../column/feature.ts';
import type { Block } from './blocks.ts';

/**
 * The power that a score raises the densities of indicators to, one for each feature; 1 for all others.
 *
 * A Gaussian takes each indicator of a field for an observation of its own, though they are views of
 * one value: their evidence adds up and drowns the numbers where there are many more of them. Terms
 * of one size spread by the root of their number, so √(numbers / indicators), at most 1, lets all
 * indicators together say about as much of a normal row as all numbers do. Networks are trained with
 * power 1; a table without numbers is scored with it too. Probabilities need none.
 */
export function indicatorPowers(
  blocks: readonly Block[],
  features: readonly Feature[],
): Float32Array {
  const powers = new Float32Array(features.length).fill(1);
  const indicators = blocks
    .filter(({ likelihood }) => likelihood === 'gaussian')
    .flatMap((block) => block.features)
    .filter((index) => features[index]!.category !== undefined);
  const numbers = features.filter(({ category }) => category === undefined).length;
  if (numbers === 0 || numbers >= indicators.length) return powers;
  for (const index of indicators) powers[index] = Math.sqrt(numbers / indicators.length);
  return powers;
}
