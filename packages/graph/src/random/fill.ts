import { checkInteger } from './check-number.ts';
import { domain, purpose } from './domain.ts';
import { boxMuller } from './box-muller.ts';
import { fillWords, type RandomKey } from './philox.ts';
import type { RandomStream } from './random-stream.ts';

/** A stream, or its key where the stream itself is in another thread. */
export type RandomSource = RandomStream | RandomKey;

const chunkLength = 4096;

/**
 * Fills `out` with standard normals (Box–Muller, float32, tails to 6.7 standard deviations). The
 * i-th value depends only on the stream's name and `offset + i`, so any chunking gives the same
 * numbers, and the bits are the same on every JavaScript engine.
 */
export function fillNormal(out: Float32Array, source: RandomSource, offset: number): void {
  const normals = new Float32Array(Math.min(chunkLength, paddedLength(out.length)));
  forEachChunk(out.length, source, offset, domain.normal, (words, start, end, target) => {
    boxMuller(words, normals);
    out.set(normals.subarray(start, end), target);
  });
}

/** Fills `out` with uniform multiples of 2^-24 in [0, 1); addressed as in `fillNormal`. */
export function fillUniform(out: Float32Array, source: RandomSource, offset: number): void {
  forEachChunk(out.length, source, offset, domain.uniform, (words, start, end, target) => {
    for (let index = start; index < end; index++) {
      out[target + index - start] = (words[index]! >>> 8) / 0x100_0000;
    }
  });
}

/**
 * Fills `out` with uniform integers in [0, bound), bound at most 2^31; their bias is below
 * bound / 2^32. Addressed as in `fillNormal`.
 */
export function fillIntegers(
  out: Int32Array,
  bound: number,
  source: RandomSource,
  offset: number,
): void {
  checkInteger('bound', bound, 1, 0x8000_0000);
  const scale = bound / 0x1_0000_0000;
  forEachChunk(out.length, source, offset, domain.integer, (words, start, end, target) => {
    for (let index = start; index < end; index++) {
      out[target + index - start] = Math.floor((words[index]! >>> 0) * scale);
    }
  });
}

/** Calls `use` with whole blocks of words, of which `start` to `end` belong to `out` at `target`. */
function forEachChunk(
  length: number,
  source: RandomSource,
  offset: number,
  domainWord: number,
  use: (words: Int32Array, start: number, end: number, target: number) => void,
): void {
  checkInteger('offset', offset, 0, Number.MAX_SAFE_INTEGER - length);
  const key = 'key' in source ? source.key : source;
  const words = new Int32Array(Math.min(chunkLength, paddedLength(length)));
  let start = offset % 4;
  for (let target = 0; target < length;) {
    const block = (offset + target - start) / 4;
    const carry = Math.floor(block / 0x1_0000_0000);
    fillWords(words, key, [block % 0x1_0000_0000, carry, domainWord, purpose.draw]);
    const end = Math.min(words.length, start + length - target);
    use(words, start, end, target);
    target += end - start;
    start = 0;
  }
}

/** Whole blocks that hold `length` values wherever the first one lies in its block. */
function paddedLength(length: number): number {
  return Math.ceil((length + 3) / 4) * 4;
}
