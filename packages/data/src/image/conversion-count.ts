import type { ImageConversions } from './image-source.ts';

const kinds = ['resized', 'toGrey', 'toColour', 'flattened', 'turned', 'rescaled'] as const;

/** No conversions. */
export function noConversions(): ImageConversions {
  return { resized: 0, toGrey: 0, toColour: 0, flattened: 0, turned: 0, rescaled: 0 };
}

/** The counts of both. */
export function addConversions(a: ImageConversions, b: ImageConversions): ImageConversions {
  return Object.fromEntries(
    kinds.map((kind) => [kind, a[kind] + b[kind]]),
  ) as unknown as ImageConversions;
}
