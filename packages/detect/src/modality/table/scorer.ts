import type { Batch, Table } from '@unlikely/data/source';
import type { ModelFile } from './model.ts';
import { FormCalibrations } from '../../calibrate/form-calibrations.ts';
import type { ConformalCalibration } from '../../calibrate/conformal-calibration.ts';
import type { Platform } from '../../platform.ts';
import { fewestBlockRows } from '../../score/block-rows.ts';
import type { Blocks } from '../../score/blocks.ts';
import { openScorer } from './score/open-scorer.ts';
import { readRows } from './column/read-rows.ts';
import { Programs } from '../../score/programs.ts';
import type { ScoreOptions } from './score/score-options.ts';
import { scoredBatch } from './score/scored-batch.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import { requireFiniteScores } from '../../score/require-finite-scores.ts';
import { scoringOutputs } from './score/scoring-program.ts';
import type { ScoringOutputs } from './score/scoring-program.ts';
import { fastForm } from './score/trained-networks.ts';

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
  readonly calibrations: FormCalibrations;
  readonly #model: ModelFile;

  constructor(model: ModelFile, platform: Platform) {
    this.#model = model;
    this.programs = new Programs(platform);
    this.calibrations = new FormCalibrations(model.manifest.calibration);
  }

  /**
   * @param fast By the first member alone, at its posterior mean.
   * @param rows Whether few rows are scored at a time, for which there are the smallest blocks: the bits are the same.
   * @throws UnlikelyError `detect/disposed`.
   */
  scorer<Form extends keyof ScoringForms>(
    form: Form,
    fast = false,
    rows: 'few' | 'many' = 'many',
  ): Promise<Blocks<ScoringForms[Form]>> {
    return this.programs.open(`${form} ${fast} ${rows}`, async (runtime) => {
      const networks = fast ? fastForm(this.#model.networks) : this.#model.networks;
      const { neutral } = this.#model;
      // The compiler does not see that the names of a form are those of its type.
      const outputs = forms[form] as readonly (keyof ScoringOutputs)[];
      const scorer = await openScorer(networks, neutral, runtime, outputs, {
        check: requireFiniteScores,
        ...(rows === 'few' ? { blockRows: fewestBlockRows } : {}),
      });
      return scorer as unknown as Blocks<ScoringForms[Form]>;
    });
  }

  /** @throws UnlikelyError `detect/uncalibrated` for a model that kept no rows to calibrate with. */
  calibration(fast = false): ConformalCalibration {
    return this.calibrations.of(fast);
  }

  read(table: Table, options: ScoreOptions): AsyncIterable<Batch> {
    return readRows(table, this.#model.manifest.schema, 'scoring', options);
  }

  numbersOf({ data, rows }: Batch): Float64Array {
    return data.subarray(0, rows * this.#model.manifest.schema.fields.length);
  }

  async itemScorer(
    { details = false, fast = false, signal }: ScoreOptions,
    calibration: ConformalCalibration | undefined,
  ): Promise<(batch: Batch) => Promise<ScoredBatch>> {
    const { members, samples } = this.#model.manifest.configuration;
    const hasError = !fast && members * Math.max(1, samples) > 1;
    const scorer = details ? await this.scorer('details', fast) : await this.scorer('scores', fast);
    return async (batch) => {
      const encoded = details ? this.numbersOf(batch).slice() : undefined;
      const block = await scorer.run({ rows: batch.data }, batch.rows, signal);
      return scoredBatch(batch, block, { calibration, hasError, encoded });
    };
  }

  async dispose(): Promise<void> {
    await this.programs.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
