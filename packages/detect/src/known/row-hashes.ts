/**
 * 32 bits of each row, by the numbers that the model sees of it: MurmurHash3 (Appleby 2011) with the salt
 * as its seed. Of two different rows one in 4 billion pairs has the same.
 *
 * @param data [rows, numbers]; NaN is one value whatever its bits, and −0 is 0.
 */
export function rowHashes(
  data: Float64Array | Float32Array,
  rows: number,
  salt: number,
): Uint32Array {
  const width = rows === 0 ? 0 : data.length / rows;
  const value = data instanceof Float32Array ? new Float32Array(1) : new Float64Array(1);
  const words = new Uint32Array(value.buffer);
  const hashes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    let hash = salt;
    for (let place = row * width; place < (row + 1) * width; place++) {
      const number = data[place]!;
      value[0] = Number.isNaN(number) ? NaN : number + 0;
      for (let word = 0; word < words.length; word++) hash = mixed(hash, words[word]!);
    }
    hashes[row] = finished(hash ^ (width * value.BYTES_PER_ELEMENT));
  }
  return hashes;
}

function mixed(hash: number, word: number): number {
  const block = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotated(hash ^ block, 13), 5) + 0xe6546b64) | 0;
}

function finished(hash: number): number {
  let end = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  end = Math.imul(end ^ (end >>> 13), 0xc2b2ae35);
  return (end ^ (end >>> 16)) >>> 0;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
