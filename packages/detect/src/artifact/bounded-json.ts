/**
 * The most that a manifest may be. A value takes as little as two bytes of a file and an object of one
 * entry three hundred of memory, so both are counted before anything is parsed; a thousand columns have
 * some ten thousand objects.
 */
const mostCharacters = 64_000_000;
const mostValues = 2_000_000;
const mostObjects = 300_000;
const deepest = 32;

/**
 * JSON of a stranger: depth and size are known before it is parsed.
 *
 * @throws RangeError beyond the limits, SyntaxError for what is no JSON.
 */
export function parseBoundedJson(text: string): unknown {
  if (text.length > mostCharacters) {
    throw new RangeError(`expected at most ${mostCharacters} characters, got ${text.length}`);
  }
  let [depth, values, objects] = [0, 0, 0];
  for (let place = 0; place < text.length; place++) {
    switch (text[place]) {
      case '"':
        place = endOfString(text, place);
        break;
      case '{':
      case '[':
        if (++depth > deepest)
          throw new RangeError(`it is nested more than ${deepest} levels deep`);
        objects++;
        values++;
        break;
      case '}':
      case ']':
        depth--;
        break;
      case ',':
        values++;
        break;
      default:
        break;
    }
    if (objects > mostObjects) throw new RangeError(`it holds more than ${mostObjects} objects`);
    if (values > mostValues) throw new RangeError(`it holds more than ${mostValues} values`);
  }
  const value: unknown = JSON.parse(text);
  // What was written comes back as it was, but for keys that stand twice and numbers beyond a double.
  if (JSON.stringify(value) !== text)
    throw new RangeError('it is not as a program of ours writes it');
  return value;
}

/** The closing quotation mark of the string that opens at `place`. */
function endOfString(text: string, place: number): number {
  for (let from = place + 1; ;) {
    const end = text.indexOf('"', from);
    if (end === -1) throw new SyntaxError('a text has no end');
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end;
    from = end + 1;
  }
}
