/** Labels by number: one code an image, −1 where it has none. */
export interface ImageLabels {
  /** Sorted; those of empty class folders, too. */
  readonly values: readonly string[];
  readonly codes: Int32Array;
}

/** The bytes of an image; the message of an error says why they cannot be had. */
export interface EncodedBytes {
  /** How many there are, before they are in memory. */
  readonly size: () => Promise<number>;
  readonly load: () => Promise<Uint8Array>;
}

/** An image as it is stored. */
export interface EncodedImage extends EncodedBytes {
  readonly row: number;
  readonly name: string;
}

/** Where encoded images lie, in their order. */
export interface EncodedImages extends AsyncDisposable {
  readonly count: number;
  readonly labels: ImageLabels | undefined;
  /** The images at ascending places, in order. */
  read(rows: Int32Array): AsyncIterable<EncodedImage>;
}

/** Codes for texts; null has none. */
export function labelsOf(
  texts: readonly (string | null)[],
  more: readonly string[] = [],
): ImageLabels {
  const present = texts.filter((text) => text !== null);
  const values = [...new Set([...present, ...more])].sort();
  const codeOf = new Map(values.map((value, code) => [value, code]));
  return {
    values,
    codes: Int32Array.from(texts, (text) => (text === null ? -1 : codeOf.get(text)!)),
  };
}
