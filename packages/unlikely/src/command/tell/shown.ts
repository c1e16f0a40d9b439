/**
 * Everything that steers a terminal or hides what is written: controls (C0, DEL, C1), formats (among
 * them those that turn the direction of text, and marks without width), separators of lines and
 * paragraphs, halves of characters.
 */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text from a table, a model or a file name in characters that can be seen: `\x1b` for what a
 * terminal would obey. Controls that JSON text may hold as they are become escapes of JSON.
 *
 * @param kept Controls that stay as they are.
 */
export function shown(text: string, kept = ''): string {
  return text.replaceAll(steering, (character) => {
    if (kept.includes(character)) return character;
    if (character in short) return short[character]!;
    if (character < ' ') return `\\x${hexadecimal(character, 2)}`;
    return Array.from({ length: character.length }, (_, at) => {
      return `\\u${hexadecimal(character[at]!, 4)}`;
    }).join('');
  });
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function hexadecimal(unit: string, digits: number): string {
  return unit.charCodeAt(0).toString(16).padStart(digits, '0');
}
