import { dataError } from '../data-error.ts';

/** Rows one after another, `end` excluded. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

const mostBlocks = 10;

/**
 * Blocks that together hold a share of the rows, the last of each of ten equal parts: what the order of
 * the rows means is in all of them, and few rows stand beside one of the rest that is almost the same.
 *
 * @param share In (0, 1).
 * @throws UnlikelyError `data/wrong-option` for another share.
 */
export function spreadBlocks(rows: number, share: number): Block[] {
  if (!(share > 0 && share < 1)) {
    throw dataError('data/wrong-option', `expected a share between 0 and 1, but got ${share}`, {
      help: 'Give a share such as 0.2.',
    });
  }
  const wanted = Math.round(rows * share);
  const blocks = Math.min(mostBlocks, wanted);
  const before = (of: number, index: number): number => Math.round((index * of) / blocks);
  return Array.from({ length: blocks }, (_, index) => {
    const others = before(rows - wanted, index + 1);
    return { start: others + before(wanted, index), end: others + before(wanted, index + 1) };
  });
}
