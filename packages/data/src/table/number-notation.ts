/**
 * Numbers as text, as the engine casts them: a decimal number with an exponent where wanted, digits in
 * groups by `_`, infinities and NaN by name, ASCII blanks around it. Nothing else is a number: neither
 * `0x1A`, which is a name, nor `1,5`, which could be two.
 */
const digits = String.raw`[0-9]+(?:_[0-9]+)*`;

/** The notation as a regular expression that any language can hold. */
export const numberNotation: string =
  String.raw`^[ \t\n\v\f\r]*(\+?-?)(?:(${digits}(?:\.(?:${digits})?)?|\.${digits})` +
  String.raw`([eE][+-]?${digits})?|([iI][nN][fF](?:[iI][nN][iI][tT][yY])?)|([nN][aA][nN](?:\([A-Za-z0-9_]*\))?))[ \t\n\v\f\r]*$`;

const pattern = new RegExp(numberNotation);

/** The number that a text stands for, NaN and infinities among them; undefined where it is none. */
export function parseNumber(text: string): number | undefined {
  // Most are plain, and a number without groups or names is read alike by the language itself.
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, sign, mantissa, exponent = '', infinity] = found;
  const size =
    mantissa === undefined
      ? infinity === undefined
        ? NaN
        : Infinity
      : Number((mantissa + exponent).replaceAll('_', ''));
  return sign!.endsWith('-') ? -size : size;
}

/** A number as the text of a category: whole numbers without a fraction, so that 1, 1.0 and '1' are one. */
export function numberText(value: number): string {
  if (Math.abs(value) < 1e15 && Number.isInteger(value)) return String(value + 0);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return doubleText(value);
}

/** A finite number as the engine writes it: with an exponent below 1e-4 and from 1e16. */
function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e16 || (size < 1e-4 && size > 0)) {
    const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}
