import type { Runtime } from '@unlikely/runtime';
import { decodeDoubles } from '../artifact/base64.ts';
import type { ModelFile } from '../artifact/model-file.ts';
import { ConformalCalibration } from '../calibrate/conformal-calibration.ts';
import { detectError } from '../detect-error.ts';
import type { Platform } from '../platform.ts';
import { openScorer } from './open-scorer.ts';
import { requireFiniteScores } from './require-finite-scores.ts';
import type { Scorer } from './scorer.ts';
import { scoringOutputs } from './scoring-program.ts';
import { fastForm } from './trained-networks.ts';

/** The programs that a model is scored with; each is made once, when it is first asked for. */
const forms: Readonly<
  Record<ScoringForm, { readonly fast: boolean; readonly outputs: readonly string[] }>
> = {
  scores: { fast: false, outputs: ['score', 'standard_error'] },
  'fast-scores': { fast: true, outputs: ['score', 'standard_error'] },
  details: { fast: false, outputs: scoringOutputs },
  'fast-details': { fast: true, outputs: scoringOutputs },
};

export type ScoringForm = 'scores' | 'fast-scores' | 'details' | 'fast-details';

/** Scores rows with a model, on one runtime that lives until `dispose`. */
export class ModelScorer implements AsyncDisposable {
  readonly #model: ModelFile;
  readonly #platform: Platform;
  #runtime: Promise<Runtime> | undefined;
  readonly #scorers = new Map<string, Promise<Scorer>>();
  readonly #calibrations = new Map<string, ConformalCalibration>();
  #disposed = false;

  constructor(model: ModelFile, platform: Platform) {
    this.#model = model;
    this.#platform = platform;
  }

  /** The scorer of a form. Throws `detect/disposed`. */
  scorer(form: ScoringForm): Promise<Scorer> {
    return this.program(form, async (runtime) => {
      const { fast, outputs } = forms[form];
      const networks = fast ? fastForm(this.#model.networks) : this.#model.networks;
      const scorer = await openScorer(networks, this.#model.neutral, runtime, outputs);
      scorer.check = requireFiniteScores;
      return scorer;
    });
  }

  /** The runtime that everything here runs on. Throws `detect/disposed`. */
  runtime(): Promise<Runtime> {
    if (this.#disposed) {
      throw detectError('detect/disposed', 'this model was disposed of', {
        help: 'Load or train it again.',
      });
    }
    this.#runtime ??= this.#platform.scoringRuntime();
    return this.#runtime;
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

  /** A program on this runtime, made once, when its key is first asked for. Throws `detect/disposed`. */
  program(key: string, create: (runtime: Runtime) => Promise<Scorer>): Promise<Scorer> {
    const runtime = this.runtime();
    const known = this.#scorers.get(key);
    if (known !== undefined) return known;
    const scorer = runtime.then(create);
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
