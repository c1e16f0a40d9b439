import type { Runtime } from '@unlikely/runtime';
import { detectError } from '../detect-error.ts';
import type { Platform } from '../platform.ts';
import { requireFiniteScores } from '../score/require-finite-scores.ts';
import { imageDenoisingProgram } from './image-denoising-program.ts';
import type { ImageModelFile } from './image-model-file.ts';
import {
  imageDecodingProgram,
  imageScoringOutputs,
  imageScoringProgram,
} from './image-programs.ts';
import { ImageScorer } from './image-scorer.ts';
import { pixelsOf } from './images.ts';

/** The outputs of each form of the scoring program; what only the others need is not computed. */
const forms: {
  readonly [K in 'scores' | 'details' | 'reconstruction' | 'codes']: readonly string[];
} = {
  scores: ['score', 'standard_error'],
  details: imageScoringOutputs,
  reconstruction: ['expected'],
  codes: ['code'],
};

export type ImageScoringForm = keyof typeof forms;

/** Scores images with a model, on one runtime that lives until `dispose`. */
export class ImageModelScorer {
  readonly #model: ImageModelFile;
  readonly #platform: Platform;
  readonly #scorers = new Map<string, Promise<ImageScorer>>();
  #runtime: Promise<Runtime> | undefined;
  #disposed = false;

  constructor(model: ImageModelFile, platform: Platform) {
    this.#model = model;
    this.#platform = platform;
  }

  /** The scorer of a form, made when it is first asked for. Throws `detect/disposed`. */
  scorer(form: ImageScoringForm): Promise<ImageScorer> {
    const { networks, manifest } = this.#model;
    return this.#once(form, async (runtime) => {
      const graph = imageScoringProgram(networks, manifest.combination);
      const scorer = await ImageScorer.create(graph, forms[form], runtime);
      scorer.check = requireFiniteScores;
      return scorer;
    });
  }

  /** Images → what they were before they were damaged. */
  denoiser(): Promise<ImageScorer> {
    return this.#once('denoiser', (runtime) =>
      ImageScorer.create(imageDenoisingProgram(this.#model.networks), ['restored'], runtime),
    );
  }

  /** Codes → images. */
  decoder(): Promise<ImageScorer> {
    return this.#once('decoder', (runtime) =>
      ImageScorer.create(
        imageDecodingProgram(this.#model.networks),
        ['expected'],
        runtime,
        // A code is small, what comes of it is not.
        pixelsOf(this.#model.manifest.settings),
      ),
    );
  }

  #once(key: string, create: (runtime: Runtime) => Promise<ImageScorer>): Promise<ImageScorer> {
    if (this.#disposed) {
      throw detectError('detect/disposed', 'this model was disposed of', {
        help: 'Load or train it again.',
      });
    }
    this.#runtime ??= this.#platform.scoringRuntime();
    const known = this.#scorers.get(key);
    if (known !== undefined) return known;
    const scorer = this.#runtime.then(create);
    this.#scorers.set(key, scorer);
    // A failure is the caller's to see; the next call tries anew.
    scorer.catch(() => this.#scorers.delete(key));
    return scorer;
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await (await this.#runtime)?.dispose();
  }
}
