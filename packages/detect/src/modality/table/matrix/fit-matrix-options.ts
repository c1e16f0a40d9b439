import { completeConfiguration } from '../check-configuration.ts';
import type { Configuration } from '../configuration.ts';
import { detectError } from '../../../detect-error.ts';
import { networkSizes } from '../network/network-sizes.ts';
import type { TrainingEvent } from '../../../train/training-event.ts';

/** How a matrix is learnt, beside the configuration. */
export interface FitMatrixOptions {
  /** Passes over the rows, in place of the configuration's `steps`. */
  readonly epochs?: number;
  /** In place of the configuration's `batchSize`. */
  readonly batchSize?: number;
  /** Called when a further epoch is done, with the means of the last steps. */
  readonly onEpoch?: (progress: Extract<TrainingEvent, { kind: 'progress' }>) => void;
  /** Told what the training does. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** At which `health.power` counts injected anomalies as found, in (0, 1); default 0.01. */
  readonly falsePositiveRate?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
}

/**
 * The configuration for a matrix: what was chosen, else what follows from its size.
 *
 * @throws UnlikelyError `detect/configuration`.
 */
export function matrixConfiguration(
  given: Partial<Configuration>,
  features: number,
  rows: number,
  { epochs, batchSize }: FitMatrixOptions,
): Configuration {
  const chosen = completeConfiguration({
    ...networkSizes(features),
    ...given,
    ...(batchSize === undefined ? {} : { batchSize }),
  });
  if (epochs === undefined) return chosen;
  if (!(epochs > 0 && epochs < Infinity)) {
    throw detectError(
      'detect/configuration',
      `expected epochs to be a number above 0, got ${epochs}`,
      { help: 'Leave it out to train for the `steps` of the configuration.' },
    );
  }
  const perEpoch = rows / Math.min(chosen.batchSize, Math.max(1, rows));
  return completeConfiguration({ ...chosen, steps: Math.max(1, Math.round(epochs * perEpoch)) });
}

/** Hands every event on, and tells of every epoch that is done. */
export function withEpochs({ onEvent, onEpoch }: FitMatrixOptions): (event: TrainingEvent) => void {
  let epoch = 0;
  return (event) => {
    onEvent?.(event);
    if (event.kind !== 'progress' || Math.floor(event.epoch) <= epoch) return;
    epoch = Math.floor(event.epoch);
    onEpoch?.(event);
  };
}
