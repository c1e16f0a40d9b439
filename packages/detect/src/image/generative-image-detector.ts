import { signalOf } from '../abort.ts';
import type { Abortable } from '../abort.ts';
import { attributeOf, CodeMoments, shiftedCodes } from '../generate/attribute.ts';
import type { Attribute } from '../generate/attribute.ts';
import { attributeVectorOf, withAttribute } from '../generate/kept-attributes.ts';
import type { KeptAttributes } from '../generate/kept-attributes.ts';
import { checkCount } from '../generate/check-count.ts';
import { codePath } from '../generate/code-path.ts';
import type { PathKind } from '../generate/code-path.ts';
import type { CodeSource } from '../generate/draw-codes.ts';
import { traversal } from '../generate/traversal.ts';
import type { Traversal, TraversalOptions } from '../generate/traversal.ts';
import type { Matrix } from '../matrix.ts';
import type { Platform } from '../platform.ts';
import { drawImageCodes, requireCodes } from './codes.ts';
import type { ImageManifest } from './image-manifest.ts';
import type { ImageModelFile } from './image-model-file.ts';
import { ImageModelScorer } from './image-model-scorer.ts';
import { checkImages } from './images.ts';
import type { Images } from './images.ts';

export interface DrawCodesOptions {
  /** Same seed, same codes; the first do not depend on how many are asked for. Default 1. */
  readonly seed?: number;
  /** `posterior`, the default: codes as training images have them; `prior`: N(0, I). */
  readonly from?: CodeSource;
}

/**
 * The generative half of a detector of images: images in memory, their codes, and what the decoder
 * makes of codes. A decoded image is the mean of what the decoder says of each pixel.
 */
export abstract class GenerativeImageDetector {
  protected model: ImageModelFile;
  protected readonly scorer: ImageModelScorer;

  protected constructor(model: ImageModelFile, platform: Platform) {
    this.model = model;
    this.scorer = new ImageModelScorer(model, platform);
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): ImageManifest {
    return this.model.manifest;
  }

  /** What the model expects in the place of each image. */
  async reconstruct(images: Images, options: Abortable = {}): Promise<Images> {
    checkImages(images, this.manifest.settings);
    const scorer = await this.scorer.scorer('reconstruction');
    const { expected } = await scorer.run({ pixels: images.data }, images.rows, options.signal);
    return { data: expected, rows: images.rows };
  }

  /**
   * Each image with what does not fit the model replaced by what it expects there; pixels that fit stay. See
   * `imageDenoisingProgram`.
   */
  async denoise(images: Images, options: Abortable = {}): Promise<Images> {
    checkImages(images, this.manifest.settings);
    const denoiser = await this.scorer.denoiser();
    const { restored } = await denoiser.run({ pixels: images.data }, images.rows, options.signal);
    return { data: restored, rows: images.rows };
  }

  /** The mean code of each image, [rows, latentSize]. */
  async encode(images: Images, options: Abortable = {}): Promise<Matrix> {
    checkImages(images, this.manifest.settings);
    const scorer = await this.scorer.scorer('codes');
    const { code } = await scorer.run({ pixels: images.data }, images.rows, options.signal);
    return { data: code, rows: images.rows, columns: this.#size };
  }

  /**
   * Codes [rows, latentSize] → the mean of what the decoder makes of them.
   *
   * @throws UnlikelyError `detect/input` for codes of another size or without numbers.
   */
  async decode(codes: Matrix, options: Abortable = {}): Promise<Images> {
    requireCodes(codes, this.#size);
    const decoder = await this.scorer.decoder();
    const { expected } = await decoder.run({ code: codes.data }, codes.rows, options.signal);
    return { data: expected, rows: codes.rows };
  }

  /**
   * `count` random codes [count, latentSize], to decode all at once or by and by.
   *
   * @throws UnlikelyError `detect/input` for a negative count, `detect/configuration` for a source that
   *   there is not, or for the posterior of a plain autoencoder, which has none.
   */
  drawCodes(count: number, { seed = 1, from = 'posterior' }: DrawCodesOptions = {}): Matrix {
    return drawImageCodes(this.model.networks, from, count, seed);
  }

  /** `count` new images: random codes, decoded. Throws as `drawCodes` does. */
  generate(count: number, options: DrawCodesOptions & Abortable = {}): Promise<Images> {
    return this.decode(this.drawCodes(count, options), signalOf(options));
  }

  /**
   * `steps` images on the way from one image to another, both ends included: what the decoder makes of
   * codes between theirs. Default: 8 steps on the straight line; a single step is the first.
   *
   * @throws UnlikelyError `detect/input`, `detect/configuration` for a path of another name.
   */
  async interpolate(
    a: Images,
    b: Images,
    { steps = 8, path = 'linear' }: { readonly steps?: number; readonly path?: PathKind } = {},
  ): Promise<Images> {
    checkCount('steps', steps, 1);
    for (const { rows } of [a, b]) checkCount('images of each end', rows, 1, 1);
    const [from, to] = [await this.encode(a), await this.encode(b)];
    return this.decode(codePath(from.data, to.data, steps, path));
  }

  /**
   * One latent unit at a time over a range, the others as in one image, or 0: [units × steps] images.
   *
   * @throws UnlikelyError `detect/input`, `detect/configuration` for units, steps or a range that cannot be.
   */
  async traverse(
    options: TraversalOptions & { readonly image?: Images } = {},
  ): Promise<Images & Pick<Traversal, 'unit' | 'value'>> {
    const { image } = options;
    if (image !== undefined) checkCount('images to start from', image.rows, 1, 1);
    const start =
      image === undefined ? new Float32Array(this.#size) : (await this.encode(image)).data;
    const { unit, value, codes } = traversal(start, options);
    return { ...(await this.decode(codes)), unit, value };
  }

  /**
   * The direction from images without a trait to images with it, not kept yet. Batches of images come
   * as iterables, so that not all need to be in memory.
   *
   * @throws UnlikelyError `detect/input` where a set is empty.
   */
  async attributeVector(
    withIt: Images | AsyncIterable<Images>,
    withoutIt: Images | AsyncIterable<Images>,
    options: Abortable = {},
  ): Promise<Attribute> {
    return attributeOf(
      await this.#momentsOf(withIt, options),
      await this.#momentsOf(withoutIt, options),
    );
  }

  /** The attribute vectors that the model keeps, by name. */
  get attributes(): KeptAttributes {
    return this.manifest.attributes ?? {};
  }

  /**
   * Keeps an attribute vector under a name, in place of what had it, from the next `save` on.
   *
   * @throws UnlikelyError `detect/configuration` for no name, `detect/input` for a vector of another size.
   */
  keepAttribute(name: string, attribute: Attribute): void {
    const attributes = withAttribute(this.attributes, name, attribute, this.#size);
    this.model = { ...this.model, manifest: { ...this.manifest, attributes } };
  }

  /**
   * Images with `amount` (default 1) of an attribute added to their codes, decoded; below 0 it is taken
   * away.
   *
   * @param attribute The name of one that the model keeps, or a vector [latentSize].
   * @throws UnlikelyError `detect/configuration` for a name that it does not keep, `detect/input` for a
   *   vector of another size.
   */
  async transfer(
    images: Images,
    attribute: string | ArrayLike<number>,
    options: Abortable & { readonly amount?: number } = {},
  ): Promise<Images> {
    const vector = attributeVectorOf(this.attributes, attribute);
    const codes = await this.encode(images, signalOf(options));
    return this.decode(shiftedCodes(codes, vector, options.amount ?? 1), signalOf(options));
  }

  get #size(): number {
    return this.manifest.configuration.latentSize;
  }

  async #momentsOf(
    images: Images | AsyncIterable<Images>,
    options: Abortable,
  ): Promise<CodeMoments> {
    const moments = new CodeMoments(this.#size);
    if ('rows' in images) moments.add(await this.encode(images, options));
    else for await (const batch of images) moments.add(await this.encode(batch, options));
    return moments;
  }
}
