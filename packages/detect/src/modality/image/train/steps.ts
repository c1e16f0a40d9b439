import type { ImageConfiguration } from '../configuration.ts';
import { pixelsOf } from '../images.ts';
import type { ImageShape } from '../images.ts';

/**
 * Images of one step by their size, where nobody chose: what a step costs grows with the pixels, and
 * large images have more to say each. 128 up to 32 × 32, 64 up to 64 × 64, 32 beyond.
 */
export function imageSteps(shape: ImageShape): Pick<ImageConfiguration, 'batchSize'> {
  const size = pixelsOf({ ...shape, channels: 1 });
  return { batchSize: size <= 32 ** 2 ? 128 : size <= 64 ** 2 ? 64 : 32 };
}
