import { falsePositiveBound } from '@unlikely/detect';

/** How much was flagged at a rate that was promised of normal items. */
export interface Flagged {
  readonly rows: number;
  readonly flagged: number;
  readonly rate: number;
}

/** Of normal items that chance would rarely exceed; so few more are no matter. */
const confidence = 0.999;
const factor = 3;

/** Whether far more is flagged than chance would have of normal items. */
export function isMoreThanPromised(
  { rows, flagged, rate }: Flagged,
  calibrationRows: number,
): boolean {
  if (rows === 0 || flagged <= factor * rate * rows) return false;
  return flagged > falsePositiveBound({ calibrationRows, testRows: rows, rate, confidence });
}
