import type { CyclicPart } from '@unlikely/data/source';

/** Days before each month of 2024, which begins on a Monday. */
const daysBefore = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335] as const;

/**
 * The first time of the year 2024 with these parts, `2024-03-05 14:00:00`; without an hour where the
 * hour is not known. Null where a part is missing.
 */
export function timestampText(parts: ReadonlyMap<CyclicPart, number>): string | null {
  if ([...parts.values()].some(Number.isNaN)) return null;
  const month = parts.get('month') ?? 0;
  const firstWeekday = daysBefore[month]! % 7;
  const weekday = parts.get('weekday') ?? firstWeekday;
  const day = 1 + ((weekday - firstWeekday + 7) % 7);
  const date = `2024-${two(month + 1)}-${two(day)}`;
  const hour = parts.get('hour');
  return hour === undefined ? date : `${date} ${two(hour)}:00:00`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
