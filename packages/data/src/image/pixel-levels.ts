import type { ImageSettings } from './image-settings.ts';

/** The level in [0, 1] of every stored pixel: `stored / maximum`, as 32-bit float. */
export function pixelLevels({ maximum }: ImageSettings): Float32Array {
  return Float32Array.from({ length: maximum + 1 }, (_, stored) => stored / maximum);
}

/** Writes the levels of stored pixels into `target` from `offset`. */
export function copyLevels(
  stored: Uint8Array | Uint16Array,
  levels: Float32Array,
  target: Float32Array,
  offset: number,
): void {
  for (let place = 0; place < stored.length; place++) {
    target[offset + place] = levels[stored[place]!]!;
  }
}
