/**
 * Philox4x32-10: a counter-based generator. Each block of four 32-bit words is a keyed bijection of
 * a 128-bit counter, so that the n-th number is computed without its predecessors.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

const MULTIPLIER_0 = 0xd2511f53 | 0;
const MULTIPLIER_1 = 0xcd9e8d57 | 0;
const WEYL_0 = 0x9e3779b9 | 0;
const WEYL_1 = 0xbb67ae85 | 0;

/** The high 32 bits of the unsigned 64-bit product of two 32-bit words, as an int32. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // No sum below exceeds 2^32 - 1: (2^16 - 1)^2 + 2 (2^16 - 1) = 2^32 - 1.
  const upper = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const lower = (Math.imul(aLow, bHigh) + (upper & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (upper >>> 16) + (lower >>> 16)) | 0;
}

/** A key: two 32-bit words that name one stream. Plain data, so that it can be sent or stored. */
export type RandomKey = readonly [number, number];

/** The position of a block: four 32-bit words, the first two of which count blocks. */
export type RandomCounter = readonly [number, number, number, number];

/** Fills `words` (a multiple of four long) with consecutive blocks, the first one at `counter`. */
export function fillWords(words: Int32Array, key: RandomKey, counter: RandomCounter): void {
  const [key0, key1] = key;
  const low = counter[0] >>> 0;
  for (let start = 0; start + 4 <= words.length; start += 4) {
    const block = low + start / 4;
    let c0 = block | 0;
    let c1 = (counter[1] + (block > 0xffff_ffff ? 1 : 0)) | 0;
    let c2 = counter[2] | 0;
    let c3 = counter[3] | 0;
    let k0 = key0 | 0;
    let k1 = key1 | 0;
    for (let round = 0; round < 10; round++) {
      const high0 = multiplyHigh(c0, MULTIPLIER_0);
      const low0 = Math.imul(c0, MULTIPLIER_0);
      const high1 = multiplyHigh(c2, MULTIPLIER_1);
      const low1 = Math.imul(c2, MULTIPLIER_1);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    words[start] = c0;
    words[start + 1] = c1;
    words[start + 2] = c2;
    words[start + 3] = c3;
  }
}
