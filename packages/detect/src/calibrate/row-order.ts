/** What the order of the training rows means: blocks of rows that a network has not seen, beside rows at random. */
export interface RowOrder {
  /** Share of random rows that score above the threshold that blocks are compared at. */
  readonly rate: number;
  /** In the order of the rows. */
  readonly blocks: readonly {
    /** The first row, as a share of all. */
    readonly from: number;
    /** The row after the last, as a share of all. */
    readonly to: number;
    /** Share of the block that scores above the threshold; null where there are too few rows to say. */
    readonly flagged: number | null;
    /** Whether it scores higher than chance allows, and so raised the thresholds. */
    readonly raises: boolean;
  }[];
}

/** In words, where the order means something: of the block that scores highest. */
export function rowOrderWords({ rate, blocks }: RowOrder): string | undefined {
  const raising = blocks.filter(({ raises }) => raises);
  const worst = raising.toSorted((a, b) => (b.flagged ?? 0) - (a.flagged ?? 0))[0];
  if (worst === undefined) return undefined;
  const place = worst.from === 0 ? 'first' : worst.to === 1 ? 'last' : 'middle';
  const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
  const share = percent(worst.to - worst.from);
  const more = raising.length > 1 ? ', and other parts do, too' : '';
  return worst.flagged === null || worst.flagged <= rate
    ? `the ${place} ${share} of the rows score higher than rows at random${more}`
    : `of the ${place} ${share} of the rows ${percent(worst.flagged)} score as high as ${percent(rate)} of rows at random${more}`;
}
