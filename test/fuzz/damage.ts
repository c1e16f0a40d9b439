import type { RandomStream } from '@unlikely/graph';

export function below(stream: RandomStream, limit: number): number {
  return Math.floor(stream.uniform() * limit);
}

export function pick<Value>(stream: RandomStream, values: readonly Value[]): Value {
  return values[below(stream, values.length)]!;
}

/** Changes a file as disks, transfers and attackers do: a few of flips, cuts, copies, and pieces put in. */
export function damaged(
  bytes: Uint8Array,
  stream: RandomStream,
  pieces: readonly Uint8Array[],
): Uint8Array {
  let changed: Uint8Array = Uint8Array.from(bytes);
  for (let many = 1 + below(stream, 4); many > 0; many--) {
    changed = pick(stream, damages)(changed, stream, pieces);
  }
  return changed;
}

type Damage = (
  bytes: Uint8Array,
  stream: RandomStream,
  pieces: readonly Uint8Array[],
) => Uint8Array;

const damages: readonly Damage[] = [
  function flipped(bytes, stream) {
    if (bytes.length > 0) bytes[below(stream, bytes.length)]! ^= 1 << below(stream, 8);
    return bytes;
  },
  function overwritten(bytes, stream) {
    const start = below(stream, bytes.length);
    const end = Math.min(bytes.length, start + 1 + below(stream, 16));
    for (let at = start; at < end; at++)
      bytes[at] = pick(stream, [0, 0x7f, 0xff, below(stream, 256)]);
    return bytes;
  },
  function cutShort(bytes, stream) {
    return bytes.slice(0, below(stream, bytes.length + 1));
  },
  function cutOut(bytes, stream) {
    const start = below(stream, bytes.length);
    return joined([bytes.subarray(0, start), bytes.subarray(start + 1 + below(stream, 60))]);
  },
  function repeated(bytes, stream) {
    const start = below(stream, bytes.length);
    const part = bytes.subarray(start, start + 1 + below(stream, 200));
    const times = pick(stream, [1, 2, 50, Math.ceil(300_000 / (part.length + 1))]);
    const copies = Array<Uint8Array>(times).fill(part);
    return joined([bytes.subarray(0, start), ...copies, bytes.subarray(start)]);
  },
  function putIn(bytes, stream, pieces) {
    const start = below(stream, bytes.length + 1);
    return joined([bytes.subarray(0, start), pick(stream, pieces), bytes.subarray(start)]);
  },
  function putInFront(bytes, stream, pieces) {
    return joined([pick(stream, pieces), bytes]);
  },
];

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
