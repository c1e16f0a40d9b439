import type { ColumnKind } from '@unlikely/data/source';
import { detectError } from '../../../detect-error.ts';
import type { Configuration } from '../configuration.ts';
import type { TrainingEvent } from '../../../train/training-event.ts';

/** A model as a training goes on from it: a detector is one, disposed of or not. */
export interface TrainedModel {
  /** The bytes of its file. */
  toBytes(): Promise<Uint8Array>;
}

/** Options of `Detector.train`: the parameters of the model and how it meets the table. */
export interface TrainOptions extends Partial<Configuration> {
  /** The column that says which rows are normal; it is held out of the features. */
  readonly label?: string;
  /** Its values for normal rows; by default 0, false, no, normal, benign, ok or good, whichever occurs. */
  readonly normal?: readonly string[];
  /**
   * Share of the normal rows that the training keeps away from, in [0, 1): ten evenly spread blocks, which with
   * all others are `table.split(testShare, { column: label, in: normal }).test`. Default 0.
   */
  readonly testShare?: number;
  /** Columns to leave out. */
  readonly ignore?: readonly string[];
  /** Kinds of columns, in place of the inferred ones. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
  /**
   * Goes on from a trained model, on the same or other rows: its columns, their scales and its
   * networks are kept, weights and calibration are new.
   */
  readonly from?: TrainedModel;
  /**
   * The rows may hold unknown anomalies: a short schedule, which learns the many and not the few,
   * and a score by the codes of the least suspicious rows. The manifest then says how many rows are
   * suspicious, and which are most.
   */
  readonly contaminated?: boolean;
  /** In (0, 1), of the threshold that the power test counts found anomalies by; default 0.01. */
  readonly falsePositiveRate?: number;
  /** Beyond this many rows a uniform sample is trained on; default 500,000. */
  readonly maximumTrainingRows?: number;
  /** Threads of the training; all cores where absent. */
  readonly threads?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Told what the training does. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** File of the unfinished training: written every ten seconds and when it is stopped. */
  readonly checkpoint?: string;
  /** Goes on from the checkpoint, where there is one, to the weights of an uninterrupted training. */
  readonly resume?: boolean;
}

/** What is no parameter of the model; the compiler asks for each. */
const hostOptions: Readonly<Record<Exclude<keyof TrainOptions, keyof Configuration>, true>> = {
  label: true,
  normal: true,
  testShare: true,
  ignore: true,
  kinds: true,
  from: true,
  contaminated: true,
  falsePositiveRate: true,
  maximumTrainingRows: true,
  threads: true,
  signal: true,
  onEvent: true,
  checkpoint: true,
  resume: true,
};

/**
 * What is different where the rows may hold anomalies. A short schedule learns the many and not the
 * few; rows and codes are compared with those of the least suspicious ones, and the distance from
 * the bulk counts too. A heavy tail may be the anomalies themselves, so no logarithm takes it in. There is
 * nothing to be gained from leaving a block of rows out.
 */
export const contaminatedConfiguration: Partial<Configuration> = {
  steps: 300,
  score: 'robust',
  referenceShare: 0.7,
  contributionLimit: 100,
  logarithmBeyond: 1e300,
  foldShare: 0.01,
};

/** The parameters of the model among the options. */
export function configurationOf(options: TrainOptions): Partial<Configuration> {
  // Names of neither kind stay, to be refused.
  const chosen = Object.entries(options).filter(([name]) => !Object.hasOwn(hostOptions, name));
  const parameters = Object.fromEntries(chosen) as Partial<Configuration>;
  if (options.contaminated !== true) return parameters;
  const { score: _score, ...others } = contaminatedConfiguration;
  const schedule = parameters.storedRows === 0 ? others : contaminatedConfiguration;
  return { ...schedule, ...parameters };
}

/** What weights cannot go on without. */
const fixedByWeights = [
  'model',
  'encoderSizes',
  'decoderSizes',
  'latentSize',
  'members',
  'likelihoods',
] as const satisfies readonly (keyof Configuration)[];

/**
 * The parameters of a training that goes on from a model: its own, with what was chosen in their place.
 *
 * @throws UnlikelyError `detect/configuration` where that would change the networks.
 */
export function continuedConfiguration(
  trained: Configuration,
  chosen: Partial<Configuration>,
): Partial<Configuration> {
  const changed = fixedByWeights.find(
    (name) =>
      chosen[name] !== undefined && JSON.stringify(chosen[name]) !== JSON.stringify(trained[name]),
  );
  if (changed === undefined) return { ...trained, ...chosen };
  throw detectError(
    'detect/configuration',
    `expected ${changed} as in the trained model, ${JSON.stringify(trained[changed])}, got ${JSON.stringify(chosen[changed])}`,
    { help: 'Train from the start to change the networks.' },
  );
}
