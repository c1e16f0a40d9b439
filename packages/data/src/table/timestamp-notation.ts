import type { CyclicPart } from './schema.ts';

/** A moment of the proleptic Gregorian calendar, in the clock of its text. */
export interface Timestamp {
  /** Days from 1970-01-01. */
  readonly days: number;
  /** Microseconds from midnight, below a day. */
  readonly micros: number;
}

const blank = String.raw`[ \t\n\v\f\r]`;

/**
 * Timestamps as text, as the engine casts them, as a regular expression that any language can hold:
 * ISO 8601 with year, month and day and one separator, a time of day where wanted, and behind its seconds
 * an offset, which is dropped: what counts is the hour on the clock. The groups are a minus, year, separator,
 * month, day, " (BC)", whether a time follows, hour, minute, second and its fraction.
 */
export const timestampNotation: string =
  String.raw`^${blank}*(-?)([0-9]+)([ \-/\\])([0-9]{1,2})\3([0-9]{1,2})(?![0-9])(${blank}\([bB][cC]\))?` +
  String.raw`(?:([ T]?${blank}*)([0-9]{1,9}):(?:([0-9]{1,2})(?::(?:([0-9]{1,2})(?:\.([0-9]*))?` +
  String.raw`(?:(?:Z|[+\-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?| (?:[uU][tT][cC])?)${blank}*)?)?)?)?)?$`;

const pattern = new RegExp(timestampNotation);

const microsPerDay = 86_400e6;
/** The largest number of microseconds from 1970 that is taken for a moment. */
export const mostMicros = 9.223372e18;

/** The moment that a text stands for; undefined where it is none. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const found = pattern.exec(text);
  // The engine names one moment.
  if (found === null) return namedMoment(text);
  const [, minus, digits, , month, day, before, , hour = '0', minute = '0', second = '0'] = found;
  const fraction = (found[11] ?? '').slice(0, 6).padEnd(6, '0');
  if (before !== undefined && (minus === '-' || Number(digits) === 0)) return undefined;
  const year = before !== undefined ? 1 - Number(digits) : Number(minus + digits!);
  const days = daysFrom1970(year, Number(month), Number(day));
  if (days === undefined || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const micros = seconds * 1e6 + Number(fraction);
  if (micros > microsPerDay || Math.abs(days * microsPerDay + micros) > mostMicros)
    return undefined;
  return micros === microsPerDay ? { days: days + 1, micros: 0 } : { days, micros };
}

/** The moments that the engine knows by name: 1970, and those that have no parts. */
function namedMoment(text: string): Timestamp | undefined {
  const name = /^[ \t\n\v\f\r]*-?(epoch|inf|infinity)[ \t\n\v\f\r]*$/i.exec(text)?.[1];
  if (name === undefined) return undefined;
  return name.toLowerCase() === 'epoch' ? { days: 0, micros: 0 } : { days: NaN, micros: NaN };
}

/**
 * The moment of a Unix time, in seconds, milliseconds, microseconds or nanoseconds by its size; undefined
 * where it is none.
 */
export function timestampOfNumber(value: number): Timestamp | undefined {
  const size = Math.abs(value);
  const scaled =
    size < 1e11 ? value * 1e6 : size < 1e14 ? value * 1e3 : size < 1e17 ? value : value / 1e3;
  if (!(Math.abs(scaled) < mostMicros)) return undefined;
  const whole = roundHalfToEven(scaled);
  const rest = whole % microsPerDay;
  const micros = rest < 0 ? rest + microsPerDay : rest + 0;
  return { days: (whole - micros) / microsPerDay, micros };
}

/** A part of a timestamp as a whole number from 0. */
export function cyclicPart(part: CyclicPart, { days, micros }: Timestamp): number {
  switch (part) {
    case 'hour':
      return Math.floor(micros / 3600e6);
    case 'weekday':
      // 1970-01-01 was a Thursday.
      return (((days + 3) % 7) + 7) % 7;
    case 'month':
      return monthOf(days);
  }
}

/** Seconds from 1970. */
export function secondsOf({ days, micros }: Timestamp): number {
  return (days * microsPerDay + micros) / 1e6;
}

/** Undefined for a day that there is not. */
function daysFrom1970(year: number, month: number, day: number): number | undefined {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (month < 1 || month > 12 || day < 1 || day > longest) return undefined;
  // Years begin in March, so that the leap day is the last.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
  );
}

/** From 0 for January. */
function monthOf(days: number): number {
  const ofEra = (((days + 719_468) % 146_097) + 146_097) % 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  return (Math.floor((5 * ofYear + 2) / 153) + 2) % 12;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
