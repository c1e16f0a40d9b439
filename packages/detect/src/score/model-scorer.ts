import { decodeDoubles } from '../artifact/base64.ts';
import type { ModelFile } from '../artifact/table-format.ts';
import { ConformalCalibration } from '../calibrate/conformal-calibration.ts';
import { detectError } from '../detect-error.ts';
import type { Platform } from '../platform.ts';
import type { Blocks } from './blocks.ts';
import { openScorer } from './open-scorer.ts';
import { Programs } from './programs.ts';
import { requireFiniteScores } from './require-finite-scores.ts';
import { scoringOutputs } from './scoring-program.ts';
import type { ScoringOutputs } from './scoring-program.ts';
import { fastForm } from './trained-networks.ts';

/** What the programs give that a model is scored with. */
export interface ScoringForms {
  readonly scores: Pick<ScoringOutputs, 'score' | 'standard_error'>;
  readonly details: ScoringOutputs;
}

const forms: { readonly [Form in keyof ScoringForms]: readonly (keyof ScoringForms[Form])[] } = {
  scores: ['score', 'standard_error'],
  details: scoringOutputs,
};

/** Scores rows with a model, on one runtime that lives until `dispose`. */
export class ModelScorer implements AsyncDisposable {
  readonly programs: Programs;
  readonly #model: ModelFile;
  readonly #calibrations = new Map<string, ConformalCalibration>();

  constructor(model: ModelFile, platform: Platform) {
    this.#model = model;
    this.programs = new Programs(platform);
  }

  /** @param fast By the first member alone, at its posterior mean. Throws `detect/disposed`. */
  scorer<Form extends keyof ScoringForms>(
    form: Form,
    fast = false,
  ): Promise<Blocks<ScoringForms[Form]>> {
    return this.programs.open(`${form} ${fast}`, async (runtime) => {
      const networks = fast ? fastForm(this.#model.networks) : this.#model.networks;
      const { neutral } = this.#model;
      // The compiler does not see that the names of a form are those of its type.
      const outputs = forms[form] as readonly (keyof ScoringOutputs)[];
      const scorer = await openScorer(networks, neutral, runtime, outputs, requireFiniteScores);
      return scorer as unknown as Blocks<ScoringForms[Form]>;
    });
  }

  /** @throws UnlikelyError `detect/uncalibrated` for a model that kept no rows to calibrate with. */
  calibration(fast = false): ConformalCalibration {
    const form = fast ? 'fast' : 'full';
    const known = this.#calibrations.get(form);
    if (known !== undefined) return known;
    const scores = decodeDoubles(this.#model.manifest.calibration[form]);
    if (scores.length === 0) {
      throw detectError('detect/uncalibrated', 'this model has no calibration', {
        help: 'Train with `calibrationShare` above 0, or flag rows by `--threshold` or `--alerts`.',
      });
    }
    const calibration = new ConformalCalibration(scores);
    this.#calibrations.set(form, calibration);
    return calibration;
  }

  async dispose(): Promise<void> {
    await this.programs.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
