import { add, concat, log, multiply, reduceMean, reshape, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { ImageShape } from '../images.ts';

/**
 * A fixed representation beside the pixels, without trained weights: how much detail there is in each
 * cell of 4 × 4 pixels, at two scales. With the luminance x, its means m₂ over blocks of 2 × 2 and m₄
 * over the cell, the maps are
 *
 *     log(ε + mean (x − m₂)²)  and  log(ε + mean (m₂ − m₄)²),
 *
 * the energies of the Haar wavelet's two finest scales (Mallat 1989). A blurred, noisy or smooth place
 * differs by a constant here, where pixel by pixel it differs by next to nothing.
 */
export const detailMaps = 2;

/** Pixels along one side of a cell. */
export const cellSide = 4;

/** The energy of one level of 8 bits: what is below is noise of the camera. */
const epsilon = (1 / 255) ** 2;

/** Pixels [rows, C, H, W] in [0, 1] → maps [rows, H/4, W/4, 2]. */
export function detailMapsOf(pixels: Tensor, { channels, height, width }: ImageShape): Tensor {
  const rows = pixels.shape[0]!;
  const [down, across] = [height / cellSide, width / cellSide];
  const luminance =
    channels === 1 ? pixels : reduceMean(pixels, { axes: [1], keepDimensions: true });
  const blocks = reshape(luminance, [rows, down, 2, 2, across, 2, 2]);
  const means = reduceMean(blocks, { axes: [3, 6], keepDimensions: true });
  const cells = reduceMean(means, { axes: [2, 5], keepDimensions: true });
  const energy = (difference: Tensor): Tensor => {
    const mean = reduceMean(multiply(difference, difference), { axes: [2, 3, 5, 6] });
    return reshape(log(add(mean, epsilon)), [rows, down, across, 1]);
  };
  return concat([energy(subtract(blocks, means)), energy(subtract(means, cells))], -1);
}
