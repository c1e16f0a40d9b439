import type { ImageBatch, ImageSource } from '@unlikely/data/source';
import { FormCalibrations } from '../../calibrate/form-calibrations.ts';
import type { ConformalCalibration } from '../../calibrate/conformal-calibration.ts';
import type { ScoreOptions } from '../modality.ts';
import type { Platform } from '../../platform.ts';
import { imageBlockRows } from '../../score/block-rows.ts';
import { Blocks } from '../../score/blocks.ts';
import { Programs } from '../../score/programs.ts';
import { requireFiniteScores } from '../../score/require-finite-scores.ts';
import { imageDenoisingProgram } from './score/denoising-program.ts';
import type { ImageModelFile } from './model.ts';
import {
  imageDecodingProgram,
  imageScoringOutputs,
  imageScoringProgram,
} from './score/scoring-program.ts';
import type { ImageScoringOutputs } from './score/scoring-program.ts';
import type { ImageDetails, ImageScores, ScoredImages } from './score/scores.ts';
import { checkImages, pixelsOf } from './images.ts';
import type { Images } from './images.ts';

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
  readonly programs: Programs;
  readonly calibrations: FormCalibrations;

  constructor(model: ImageModelFile, platform: Platform) {
    this.#model = model;
    this.programs = new Programs(platform);
    this.calibrations = new FormCalibrations(model.manifest.calibration);
  }

  get #blockRows(): number {
    return imageBlockRows(pixelsOf(this.#model.manifest.schema));
  }

  /** Throws `detect/disposed`. */
  scorer<Form extends keyof Forms>(form: Form): Promise<Blocks<Forms[Form]>> {
    const { networks, manifest } = this.#model;
    return this.programs.open(form, async (runtime) => {
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
    return this.programs.open('denoiser', (runtime) =>
      Blocks.open({ program, outputs: ['restored'], blockRows: this.#blockRows }, runtime),
    );
  }

  /** Codes → images. */
  decoder(): Promise<Blocks<{ readonly expected: Float32Array }>> {
    const program = imageDecodingProgram(this.#model.networks);
    return this.programs.open('decoder', (runtime) =>
      Blocks.open({ program, outputs: ['expected'], blockRows: this.#blockRows }, runtime),
    );
  }

  read(source: ImageSource, { batchRows = 256, signal }: ScoreOptions): AsyncIterable<ImageBatch> {
    const reading = { batchRows, ...(signal === undefined ? {} : { signal }) };
    return source.batches(this.#model.manifest.schema, reading);
  }

  numbersOf({ data, rows }: Images): Float32Array {
    return data.subarray(0, rows * pixelsOf(this.#model.manifest.schema));
  }

  async itemScorer(
    options: ScoreOptions,
    calibration: ConformalCalibration | undefined,
  ): Promise<(batch: ImageBatch) => Promise<ScoredImages>> {
    const score = await this.scoresOf(options, calibration);
    return async (batch) => ({ ...batch, ...(await score(batch)) });
  }

  /** What scores images in memory. */
  async scoresOf(
    { details = false, signal }: ScoreOptions,
    calibration: ConformalCalibration | undefined,
  ): Promise<(images: Images) => Promise<ImageScores>> {
    const { combination, configuration } = this.#model.manifest;
    const draws = combination.terms.some(({ statistic }) => statistic === 'surprise');
    // A score that draws nothing has no spread to tell its error by.
    const hasError = draws && configuration.samples > 1;
    const scorer = details ? await this.scorer('details') : await this.scorer('scores');
    return async (images) => {
      checkImages(images, this.#model.manifest.schema);
      const found = await scorer.run({ pixels: images.data }, images.rows, signal);
      const { score, standard_error: errors } = found;
      return {
        score,
        standardError: hasError ? errors : errors.fill(NaN),
        pValue: calibration?.pValues(score) ?? score.map(() => 1),
        ...(details ? { details: detailsOf(found as ImageScoringOutputs) } : {}),
      };
    };
  }
}

function detailsOf(found: ImageScoringOutputs): ImageDetails {
  return {
    contributions: found.contribution,
    other: found.other_share,
    expected: found.expected,
    code: found.code,
  };
}
