import { RandomStream } from '@unlikely/graph';
import { signalOf } from '../abort.ts';
import type { Abortable } from '../abort.ts';
import type { Matrix } from '../matrix.ts';
import { attributeOf, CodeMoments, shiftedCodes } from './attribute.ts';
import type { Attribute } from './attribute.ts';
import { checkCodes } from './check-codes.ts';
import { checkCount } from './check-count.ts';
import { codePath } from './code-path.ts';
import type { PathKind } from './code-path.ts';
import { codeDrawer } from './draw-codes.ts';
import type { CodeSource } from './draw-codes.ts';
import { attributeVectorOf, withAttribute } from './kept-attributes.ts';
import type { KeptAttributes } from './kept-attributes.ts';
import type { PosteriorCodes } from './stored-posterior.ts';
import { traversal } from './traversal.ts';
import type { Traversal, TraversalOptions } from './traversal.ts';

/** What a kind of items brings along: its way to codes and back. */
export interface Codec<Items> {
  /** What the items are called. */
  readonly noun: 'rows' | 'images';
  /** Numbers in a code. */
  readonly size: number;
  /** Items → their mean codes, [rows, size]; an item gets the same bits whatever comes with it. */
  encode(items: Items, signal?: AbortSignal): Promise<Matrix>;
  /** Finite codes [rows, size] → the mean of what the decoder makes of them. */
  decode(codes: Matrix, signal?: AbortSignal): Promise<Items>;
  /** q(z|x) of training items; throws where the model keeps none. */
  posterior(): PosteriorCodes;
}

/** Where the attribute vectors of a model are kept: its manifest. */
export interface AttributeShelf {
  read(): KeptAttributes;
  write(attributes: KeptAttributes): void;
}

/** How codes are drawn. */
export interface DrawCodesOptions {
  /** Same seed, same codes; the first do not depend on how many are asked for. Default 1. */
  readonly seed?: number;
  /** `posterior`, the default: codes as training items have them; `prior`: N(0, I). */
  readonly from?: CodeSource;
}

export interface InterpolationOptions {
  /** How many, both ends included; a single step is the first. Default 8. */
  readonly steps?: number;
  /** Default `linear`. */
  readonly path?: PathKind;
}

/**
 * What a model makes of codes, for items of any kind in memory. Every method throws `detect/disposed` once
 * the model was disposed of.
 */
export class Latent<Items extends { readonly rows: number }> {
  readonly #codec: Codec<Items>;
  readonly #shelf: AttributeShelf;

  /** @param shelf Absent: attribute vectors are kept as long as this object lives. */
  constructor(codec: Codec<Items>, shelf: AttributeShelf = passingShelf()) {
    this.#codec = codec;
    this.#shelf = shelf;
  }

  /** Numbers in a code. */
  get size(): number {
    return this.#codec.size;
  }

  /** The mean code of each item, [rows, latentSize]. */
  encode(items: Items, { signal }: Abortable = {}): Promise<Matrix> {
    return this.#codec.encode(items, signal);
  }

  /**
   * Codes [rows, latentSize] → the mean of what the decoder makes of them.
   *
   * @throws UnlikelyError `detect/input` for codes of another size or without numbers.
   */
  async decode(codes: Matrix, { signal }: Abortable = {}): Promise<Items> {
    checkCodes(codes, this.size);
    return this.#codec.decode(codes, signal);
  }

  /**
   * `count` random codes in batches of `batchRows`, by default all at once; the codes do not depend on it.
   *
   * @throws UnlikelyError `detect/input` for a count below 0, `detect/configuration` for a source that there
   *   is not, or for the posterior of a model that keeps none.
   */
  codeBatches(
    count: number,
    options: DrawCodesOptions & { readonly batchRows?: number } = {},
  ): Iterable<Matrix> {
    checkCount('count', count, 0);
    const { seed = 1, from = 'posterior', batchRows = Math.max(1, count) } = options;
    checkCount('batch', batchRows, 1);
    const stream = new RandomStream(seed, 'generate');
    const columns = this.size;
    const next = codeDrawer(from, stream, columns, () => this.#codec.posterior());
    return (function* () {
      for (let first = 0; first < count; first += batchRows) {
        const rows = Math.min(batchRows, count - first);
        const data = new Float32Array(rows * columns);
        for (let row = 0; row < rows; row++) next(data.subarray(row * columns));
        yield { data, rows, columns };
      }
    })();
  }

  /** `count` random codes [count, latentSize]. Throws as `codeBatches` does. */
  drawCodes(count: number, options: DrawCodesOptions = {}): Matrix {
    const [codes] = this.codeBatches(count, options);
    return codes ?? { data: new Float32Array(0), rows: 0, columns: this.size };
  }

  /** `count` new items: random codes, decoded. Throws as `codeBatches` does. */
  async generate(count: number, options: DrawCodesOptions & Abortable = {}): Promise<Items> {
    return this.decode(this.drawCodes(count, options), options);
  }

  /**
   * Items on the way from one item to another: what the decoder makes of codes between theirs.
   *
   * @throws UnlikelyError `detect/input`, `detect/configuration` for a path of another name.
   */
  async interpolate(
    a: Items,
    b: Items,
    { steps = 8, path = 'linear' }: InterpolationOptions = {},
  ): Promise<Items> {
    checkCount('steps', steps, 1);
    for (const { rows } of [a, b]) checkCount(`${this.#codec.noun} of each end`, rows, 1, 1);
    const [from, to] = [await this.encode(a), await this.encode(b)];
    return this.decode(codePath(from.data, to.data, steps, path));
  }

  /**
   * One latent unit at a time over a range, the others as in one item, or 0: [units × steps] items.
   *
   * @throws UnlikelyError `detect/input`, `detect/configuration` for units, steps or a range that cannot be.
   */
  async traverse(
    options: TraversalOptions & { readonly from?: Items } = {},
  ): Promise<Items & Pick<Traversal, 'unit' | 'value'>> {
    const { from } = options;
    if (from !== undefined) checkCount(`${this.#codec.noun} to start from`, from.rows, 1, 1);
    const start = from === undefined ? new Float32Array(this.size) : (await this.encode(from)).data;
    const { unit, value, codes } = traversal(start, options);
    return { ...(await this.decode(codes)), unit, value };
  }

  /**
   * The direction from items without a trait to items with it, not kept yet. Batches come as iterables, so
   * that not all need to be in memory.
   *
   * @throws UnlikelyError `detect/input` where a set is empty.
   */
  async attributeVector(
    withIt: Items | AsyncIterable<Items>,
    withoutIt: Items | AsyncIterable<Items>,
    options: Abortable = {},
  ): Promise<Attribute> {
    return attributeOf(
      await this.#momentsOf(withIt, options),
      await this.#momentsOf(withoutIt, options),
    );
  }

  /** The attribute vectors that the model keeps, by name. */
  get attributes(): KeptAttributes {
    return this.#shelf.read();
  }

  /**
   * Keeps an attribute vector under a name, in place of what had it, from the next `save` on.
   *
   * @throws UnlikelyError `detect/configuration` for no name, `detect/input` for a vector of another size.
   */
  keepAttribute(name: string, attribute: Attribute): void {
    this.#shelf.write(withAttribute(this.attributes, name, attribute, this.size));
  }

  /**
   * Items with `amount` (default 1) of an attribute added to their codes, decoded; below 0 it is taken away.
   *
   * @param attribute The name of one that the model keeps, or a vector [latentSize].
   * @throws UnlikelyError `detect/configuration` for a name that it does not keep, `detect/input` for a
   *   vector of another size or an amount that is no finite number.
   */
  async transfer(
    items: Items,
    attribute: string | ArrayLike<number>,
    options: Abortable & { readonly amount?: number } = {},
  ): Promise<Items> {
    const vector = attributeVectorOf(this.attributes, attribute);
    const codes = await this.encode(items, signalOf(options));
    return this.decode(shiftedCodes(codes, vector, options.amount ?? 1), signalOf(options));
  }

  async #momentsOf(items: Items | AsyncIterable<Items>, options: Abortable): Promise<CodeMoments> {
    const moments = new CodeMoments(this.size);
    if ('rows' in items) moments.add(await this.encode(items, options));
    else for await (const batch of items) moments.add(await this.encode(batch, options));
    return moments;
  }
}

function passingShelf(): AttributeShelf {
  let kept: KeptAttributes = {};
  return { read: () => kept, write: (attributes) => (kept = attributes) };
}
