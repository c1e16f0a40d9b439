/**
 * Kernels compute exponentials and logarithms of what is left after whole vectors in another way. A block
 * of so many rows leaves nothing; one of a single row has but one place.
 */
const wholeVectors = 16;

/** Rows of the smallest block that gives each row the bits of a larger one. */
export const fewestBlockRows: number = wholeVectors;

/** Elements of the largest tensor of a block: a few times what the caches hold is slower. */
const tableElements = 400_000;
const mostTableRows = 1024;

/** @param rowElements Elements of the largest tensor of the program for one row. */
export function tableBlockRows(rowElements: number): number {
  const fitting = Math.floor(tableElements / rowElements / wholeVectors) * wholeVectors;
  return Math.max(wholeVectors, Math.min(mostTableRows, fitting));
}

/** Numbers of the pixels of a block: the program holds some thirty times as many. */
const imageElements = 70_000;
const mostImages = 64;

/** @param pixels Numbers of an image. */
export function imageBlockRows(pixels: number): number {
  const fitting = Math.min(mostImages, Math.floor(imageElements / pixels));
  return fitting < wholeVectors ? 1 : fitting - (fitting % wholeVectors);
}
