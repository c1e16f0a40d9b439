import type { Configuration } from '../configuration.ts';

/** A block of rows in their order, `end` excluded. */
export interface Fold {
  readonly start: number;
  readonly end: number;
}

/**
 * The rows that a member of the ensemble leaves out: blocks of `foldShare`, evenly spread from the
 * first row to the last, so that every row is learnt by most members.
 */
export function foldOf(
  { members, foldShare }: Pick<Configuration, 'members' | 'foldShare'>,
  rows: number,
  member: number,
): Fold {
  const size = Math.max(1, Math.floor(foldShare * rows));
  const place = members === 1 ? 0 : member / (members - 1);
  const start = Math.floor((rows - size) * place);
  return { start, end: start + size };
}
