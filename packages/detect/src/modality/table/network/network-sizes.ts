import type { Configuration } from '../configuration.ts';

/** Up to this many features the recipe's network was measured on. */
const measuredFeatures = 128;
const largestWidth = 256;
const fewestLatent = 4;

/**
 * Sizes of the networks for a number of features, where nobody chose them. Up to 128 features hidden layers of
 * 64 and 32 and a code of an eighth of the features, from 4 to 8, as measured on tables of 3 to 100
 * columns; beyond, the first layer has about half as many units as there are features, a power of
 * two up to 256, the second half of that, and the code an eighth of the first.
 */
export function networkSizes(features: number): Pick<Configuration, 'encoderSizes' | 'latentSize'> {
  const half = 2 ** Math.ceil(Math.log2(features / 2));
  const width = features <= measuredFeatures ? 64 : Math.min(largestWidth, half);
  const code = Math.max(fewestLatent, Math.min(width / 8, Math.round(features / 8)));
  return { encoderSizes: [width, width / 2], latentSize: code };
}
