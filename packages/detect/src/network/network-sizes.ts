import type { Configuration } from '../configuration.ts';

/** Up to this many features the recipe's network was measured on. */
const measuredFeatures = 128;
const largestWidth = 256;

/**
 * Sizes of the networks for a number of features, where nobody chose them: 64–32–8 up to 128
 * features, as the recipe found for tables of 3 to 100 columns; beyond, the first layer has about
 * half as many units as there are features, a power of two up to 256, the second half of that, and
 * the code an eighth.
 */
export function networkSizes(features: number): Pick<Configuration, 'encoderSizes' | 'latentSize'> {
  const half = 2 ** Math.ceil(Math.log2(features / 2));
  const width = features <= measuredFeatures ? 64 : Math.min(largestWidth, half);
  return { encoderSizes: [width, width / 2], latentSize: width / 8 };
}
