import { detectError } from '../../../detect-error.ts';
import type { Codec } from '../../../latent/latent.ts';
import type { PosteriorCodes } from '../../../latent/stored-posterior.ts';
import type { Matrix } from '../../../matrix.ts';
import type { ImageModelFile } from '../model.ts';
import type { ImageModelScorer } from '../scorer.ts';
import { checkImages } from '../images.ts';
import type { Images } from '../images.ts';

/** The way between images and codes. A decoded image is the mean of what the decoder says of each pixel. */
export class ImageCodes implements Codec<Images> {
  readonly noun = 'images';
  readonly #model: ImageModelFile;
  readonly #scorer: ImageModelScorer;

  constructor(model: ImageModelFile, scorer: ImageModelScorer) {
    this.#model = model;
    this.#scorer = scorer;
  }

  get size(): number {
    return this.#model.manifest.configuration.latentSize;
  }

  async encode(images: Images, signal?: AbortSignal): Promise<Matrix> {
    checkImages(images, this.#model.manifest.schema);
    const scorer = await this.#scorer.scorer('codes');
    const { code } = await scorer.run({ pixels: images.data }, images.rows, signal);
    return { data: code, rows: images.rows, columns: this.size };
  }

  async decode(codes: Matrix, signal?: AbortSignal): Promise<Images> {
    const decoder = await this.#scorer.decoder();
    const { expected } = await decoder.run({ code: codes.data }, codes.rows, signal);
    return { data: expected, rows: codes.rows };
  }

  posterior(): PosteriorCodes {
    const { core, storedCodes } = this.#model.networks;
    if (storedCodes === undefined) {
      throw detectError(
        'detect/configuration',
        'expected a variational model for codes from the posterior, got a plain autoencoder',
        { help: 'Generate from the prior, or train a variational model.' },
      );
    }
    const { weights, count: rows } = storedCodes;
    const { size } = this;
    const mean = new Float32Array(rows * size);
    const deviation = new Float64Array(rows * size);
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < size; unit++) {
        // Stored as −1 / 2v and mean / v, with some variance added: see `storeCodes`.
        const variance = -0.5 / weights[unit * rows + row]!;
        const at = row * size + unit;
        mean[at] = weights[(size + unit) * rows + row]! * variance;
        deviation[at] = Math.sqrt(Math.max(0, variance - core.configuration.codeVariance));
      }
    }
    return { rows, mean, deviation };
  }
}
