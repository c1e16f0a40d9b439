import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { checkCount, checkProbability } from './check-input.ts';
import type { DetectErrorCode } from '../error-code.ts';

/**
 * The greatest integer `r` with `r / (rows + 1) <= rate`: a row is flagged when fewer than `r`
 * calibration rows score as high. Compared in the arithmetic of the p-values themselves, so that a
 * rate such as 0.1 with 9 rows cannot fall between the two. Throws `calibrate/too-few` when it is 0.
 */
export function conformalRank(rows: number, rate: number): number {
  checkCount(rows, 'number of calibration rows', 1);
  checkProbability(rate, 'false positive rate');
  let rank = Math.floor(rate * (rows + 1));
  while ((rank + 1) / (rows + 1) <= rate) rank++;
  while (rank / (rows + 1) > rate) rank--;
  if (rank === 0) throw tooFew(rows, rate);
  return rank;
}

function tooFew(rows: number, rate: number): UnlikelyError<DetectErrorCode> {
  let needed = Math.max(1, Math.floor(1 / rate) - 1);
  while (1 / (needed + 1) > rate) needed++;
  // Rounded up in the last digit shown: the rate that the help names must itself work.
  const smallest = Math.ceil(1e6 / (rows + 1)) / 1e6;
  return detectError(
    'calibrate/too-few',
    `expected at least ${needed} calibration rows for a false positive rate of ${rate}, got ${rows}`,
    {
      help: `Ask for a rate of at least ${smallest}, the smallest that ${rows} rows can promise, or calibrate with ${needed} normal rows.`,
      details: { rows, rate, needed, smallestRate: 1 / (rows + 1) },
    },
  );
}
