import type { Abortable } from '../abort.ts';
import type { CommonManifest } from '../artifact/manifest.ts';
import type { ModelFormat } from '../artifact/model-file.ts';
import type { FormCalibrations } from '../calibrate/form-calibrations.ts';
import type { ConformalCalibration } from '../calibrate/conformal-calibration.ts';
import type { AttributeShelf } from '../latent/latent.ts';
import type { Platform } from '../platform.ts';
import type { Programs } from '../score/programs.ts';

/** What belongs to a kind of input, by what it is for. */
export interface Types {
  /** Where items come from. */
  readonly source: unknown;
  /** Items that were read, as they are scored together. */
  readonly items: { readonly rows: number };
  readonly scored: ScoredItems;
  readonly scoreOptions: ScoreOptions;
  readonly manifest: CommonManifest;
  readonly model: { readonly manifest: Types['manifest'] };
  /** The manifest as it is in a file. */
  readonly stored: CommonManifest;
  readonly latent: unknown;
  /** Its programs: more than `Scoring` asks for. */
  readonly scoring: object;
}

/** How items are scored. */
export interface ScoreOptions extends Abortable {
  /** Contributions, expectations and codes as well. */
  readonly details?: boolean;
  /** A form that is several times faster, with its own calibration, where the kind has one. */
  readonly fast?: boolean;
  /** Items that are read at a time; scores do not depend on it. */
  readonly batchRows?: number;
  /** Hashes of the items, by which those of the training are known. */
  readonly hashes?: boolean;
}

/** The items of one batch with their scores, in the order of the source. */
export interface ScoredItems {
  readonly rows: number;
  /** Higher for less likely items, [rows]. */
  readonly score: Float64Array;
  /** Standard error of the score over what it draws; NaN where that is once or never. */
  readonly standardError: Float64Array;
  /** Share of normal items that score as high, from the calibration; 1 without one. */
  readonly pValue: Float64Array;
  /** Values of the label, where there is one and it was asked for. */
  readonly labels?: readonly (string | null)[];
  /** Where asked for and the model knows its items. */
  readonly hashes?: Uint32Array;
}

/** The programs of a model, and how items go through them. */
export interface Scoring<Of extends Types> {
  readonly programs: Programs;
  readonly calibrations: FormCalibrations;
  /** The items of a source, as the model takes them, in batches. */
  read(source: Of['source'], options: Of['scoreOptions']): AsyncIterable<Of['items']>;
  /** The numbers of items that were read, one item after another. */
  numbersOf(items: Of['items']): Float32Array | Float64Array;
  /** What scores items that were read; its programs are made when this is called. */
  itemScorer(
    options: Of['scoreOptions'],
    calibration: ConformalCalibration | undefined,
  ): Promise<(items: Of['items']) => Promise<Of['scored']>>;
}

/** What a kind of input brings along to the one mechanism of `Detector`. */
export interface Modality<Of extends Types> {
  readonly format: ModelFormat<Of['stored'], Of['model']>;
  scoring(model: Of['model'], platform: Platform): Of['scoring'] & Scoring<Of>;
  latent(model: Of['model'], scoring: Of['scoring'], shelf: AttributeShelf): Of['latent'];
}
