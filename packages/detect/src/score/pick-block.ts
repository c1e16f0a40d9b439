import type { ScoredBlock } from './scorer.ts';

/** Some rows of a block whose outputs are all [rows] or [rows, fields]. */
export function pickBlock(block: ScoredBlock, chosen: ArrayLike<number>): ScoredBlock {
  const rows = block['score']!.length;
  return Object.fromEntries(
    Object.entries(block).map(([name, values]) => {
      const width = values.length / rows;
      const picked = new Float64Array(chosen.length * width);
      for (let row = 0; row < chosen.length; row++) {
        const start = chosen[row]! * width;
        picked.set(values.subarray(start, start + width), row * width);
      }
      return [name, picked];
    }),
  );
}
