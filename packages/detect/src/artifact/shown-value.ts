const longest = 60;

/**
 * A value out of a file for an error: short, and with nothing that a terminal would take for a command.
 * What is not printed as itself is shown as JSON shows it, `\u001b`.
 */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  // Numbers that JSON has no word for come from files as Infinity.
  return typeof value === 'string' ? shortened(JSON.stringify(value)) : String(value);
}

/** A name out of a file, without quotation marks. */
export function shownName(name: PropertyKey): string {
  return shortened(JSON.stringify(String(name)).slice(1, -1), 160);
}

function shortened(text: string, most: number = longest): string {
  const part = text.length > most ? `${text.slice(0, most)}…` : text;
  return part.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
