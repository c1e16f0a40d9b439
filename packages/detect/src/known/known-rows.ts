import { decodeIntegers, encodeIntegers } from '../bytes/base64.ts';

/**
 * By what a model knows the rows that trained it, those that calibrate it among them: a few bytes of each,
 * from which it cannot be made again. A guess of a whole row can be tested, as with every model.
 */
export interface KnownRows {
  /** A whole number below 2³². */
  readonly salt: number;
  /** Ascending hashes, one of each row, as base64 of uint32. */
  readonly hashes: string;
}

/** @param fingerprint Of a training, in hexadecimal digits: its first 32 bits. */
export function saltOf(fingerprint: string): number {
  return Number.parseInt(fingerprint.slice(0, 8), 16);
}

/**
 * @param parts Hashes of the rows with this salt.
 * @param former Of the model that the training went on from, which has the salt.
 */
export function knownRowsOf(
  parts: readonly Uint32Array[],
  salt: number,
  former?: KnownRows,
): KnownRows {
  const lists = former === undefined ? parts : [...parts, decodeIntegers(former.hashes)];
  const hashes = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const list of lists) {
    hashes.set(list, next);
    next += list.length;
  }
  return { salt, hashes: encodeIntegers(hashes.sort()) };
}

/**
 * Tells rows of the training from others. As many equal rows are told as the training had, so that of
 * new rows that happen to be equal not all are.
 */
export class RowRecognition {
  readonly #left = new Map<number, number>();

  constructor({ hashes }: KnownRows) {
    for (const hash of decodeIntegers(hashes)) {
      this.#left.set(hash, (this.#left.get(hash) ?? 0) + 1);
    }
  }

  /**
   * 1 for each row that trained the model.
   *
   * @param hashes Of the rows, with the salt of the model.
   * @param isCandidate Whether a row can be one, by its place.
   */
  recognise(hashes: Uint32Array, isCandidate: (row: number) => boolean): Uint8Array {
    return Uint8Array.from(hashes, (hash, row) => {
      if (!isCandidate(row)) return 0;
      const left = this.#left.get(hash) ?? 0;
      if (left === 0) return 0;
      this.#left.set(hash, left - 1);
      return 1;
    });
  }
}

/** What tells rows of the training from others; undefined where the model keeps nothing of them. */
export function recognitionOf({
  knownRows,
}: {
  readonly knownRows?: KnownRows;
}): RowRecognition | undefined {
  return knownRows === undefined ? undefined : new RowRecognition(knownRows);
}
