import { checkFinite, checkInteger } from './check-number.ts';
import { domain, purpose } from './domain.ts';
import { normalQuantile } from './normal-quantile.ts';
import { fillWords, type RandomKey } from './philox.ts';

/** One step of a path: numbers and texts are told apart, `1` is not `'1'`. */
export type PathStep = number | string;

/**
 * A seeded stream of random numbers. The seed and the path name it: streams with different names
 * are independent, and a sub-stream is the same however many numbers its parent has drawn.
 *
 * ```ts
 * const shuffle = new RandomStream(seed, 'shuffle', epoch);
 * const same = new RandomStream(seed).split('shuffle', epoch);
 * ```
 */
export class RandomStream {
  /** Names the stream in `fillNormal`, `fillUniform` and `fillIntegers`; can be sent to another thread. */
  readonly key: RandomKey;
  readonly #name: readonly [number, ...PathStep[]];
  readonly #words = new Int32Array(4);
  #block = 0;
  #next = 4;

  /** `seed` is any finite number; all 64 bits of it count. */
  constructor(seed: number, ...path: readonly PathStep[]) {
    this.#name = [seed, ...path];
    this.key = this.#name.reduce<RandomKey>(deriveKey, [0, 0]);
  }

  /** The sub-stream at `path` below this one. */
  split(...path: readonly PathStep[]): RandomStream {
    return new RandomStream(...this.#name, ...path);
  }

  /** A uniform integer in [0, 2^32). */
  uint32(): number {
    if (this.#next === 4) {
      const carry = Math.floor(this.#block / 0x1_0000_0000);
      const counter = [this.#block % 0x1_0000_0000, carry, domain.sequence, purpose.draw] as const;
      fillWords(this.#words, this.key, counter);
      this.#block += 1;
      this.#next = 0;
    }
    return this.#words[this.#next++]! >>> 0;
  }

  /** A uniform multiple of 2^-53 in [0, 1). */
  uniform(): number {
    const high = this.uint32() >>> 5;
    return (high * 0x400_0000 + (this.uint32() >>> 6)) / 0x20_0000_0000_0000;
  }

  /** A uniform integer in [0, bound), bound at most 2^32; its bias is below bound / 2^53. */
  integer(bound: number): number {
    checkInteger('bound', bound, 1, 0x1_0000_0000);
    return Math.floor(this.uniform() * bound);
  }

  /** A standard normal, by inversion: one uniform a number, tails to 8.2 standard deviations. */
  normal(): number {
    const high = this.uint32() >>> 6;
    // The centre of one of 2^52 cells: never 0 or 1, and symmetric about one half.
    const cell = high * 0x400_0000 + (this.uint32() >>> 6) + 0.5;
    return normalQuantile(cell / 0x10_0000_0000_0000);
  }

  /** A uniform permutation of 0 … n - 1 (Fisher–Yates). */
  permutation(n: number): Int32Array {
    checkInteger('n', n, 0, 0x7fff_ffff);
    const order = Int32Array.from({ length: n }, (_, index) => index);
    for (let last = n - 1; last > 0; last--) {
      const chosen = Math.floor(this.uniform() * (last + 1));
      const held = order[last]!;
      order[last] = order[chosen]!;
      order[chosen] = held;
    }
    return order;
  }
}

/** The child's key is Philox of the step under the parent's key; texts are absorbed unit by unit. */
function deriveKey(parent: RandomKey, step: PathStep): RandomKey {
  if (typeof step === 'number') {
    checkFinite(step);
    const [low, high] = new Int32Array(new Float64Array([step + 0]).buffer);
    return keyFrom(parent, low!, high!, purpose.splitNumber);
  }
  let key = parent;
  for (let index = 0; index < step.length; index++) {
    key = keyFrom(key, step.charCodeAt(index), index, purpose.splitText);
  }
  // The end mark keeps ('a', 'b') and ('ab') apart.
  return keyFrom(key, step.length, 0, purpose.splitEnd);
}

function keyFrom(parent: RandomKey, low: number, high: number, use: number): RandomKey {
  const words = new Int32Array(4);
  fillWords(words, parent, [low, high, 0, use]);
  return [words[0]!, words[1]!];
}
