import type { Platform } from '../platform.ts';
import { imageBlockRows } from '../score/block-rows.ts';
import { Blocks } from '../score/blocks.ts';
import { Programs } from '../score/programs.ts';
import { requireFiniteScores } from '../score/require-finite-scores.ts';
import { imageDenoisingProgram } from './image-denoising-program.ts';
import type { ImageModelFile } from './image-format.ts';
import {
  imageDecodingProgram,
  imageScoringOutputs,
  imageScoringProgram,
} from './image-programs.ts';
import type { ImageScoringOutputs } from './image-programs.ts';
import { pixelsOf } from './images.ts';

/** What the programs give that images are scored with; what only the others need is not computed. */
interface Forms {
  readonly scores: Pick<ImageScoringOutputs, 'score' | 'standard_error'>;
  readonly details: ImageScoringOutputs;
  readonly reconstruction: Pick<ImageScoringOutputs, 'expected'>;
  readonly codes: Pick<ImageScoringOutputs, 'code'>;
}

const forms: { readonly [Form in keyof Forms]: readonly (keyof Forms[Form])[] } = {
  scores: ['score', 'standard_error'],
  details: imageScoringOutputs,
  reconstruction: ['expected'],
  codes: ['code'],
};

/** Scores images with a model, on one runtime that lives until `dispose`. */
export class ImageModelScorer {
  readonly #model: ImageModelFile;
  readonly #programs: Programs;

  constructor(model: ImageModelFile, platform: Platform) {
    this.#model = model;
    this.#programs = new Programs(platform);
  }

  get #blockRows(): number {
    return imageBlockRows(pixelsOf(this.#model.manifest.schema));
  }

  /** Throws `detect/disposed`. */
  scorer<Form extends keyof Forms>(form: Form): Promise<Blocks<Forms[Form]>> {
    const { networks, manifest } = this.#model;
    return this.#programs.open(form, async (runtime) => {
      const scorer = await Blocks.open(
        {
          program: imageScoringProgram(networks, manifest.combination),
          // The compiler does not see that the names of a form are those of its type.
          outputs: forms[form] as readonly (keyof ImageScoringOutputs)[],
          blockRows: this.#blockRows,
          check: requireFiniteScores,
        },
        runtime,
      );
      return scorer as unknown as Blocks<Forms[Form]>;
    });
  }

  /** Images → what they were before they were damaged. */
  denoiser(): Promise<Blocks<{ readonly restored: Float32Array }>> {
    const program = imageDenoisingProgram(this.#model.networks);
    return this.#programs.open('denoiser', (runtime) =>
      Blocks.open({ program, outputs: ['restored'], blockRows: this.#blockRows }, runtime),
    );
  }

  /** Codes → images. */
  decoder(): Promise<Blocks<{ readonly expected: Float32Array }>> {
    const program = imageDecodingProgram(this.#model.networks);
    return this.#programs.open('decoder', (runtime) =>
      Blocks.open({ program, outputs: ['expected'], blockRows: this.#blockRows }, runtime),
    );
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}
