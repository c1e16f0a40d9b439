import type { Schema } from '@unlikely/data/source';
import type { Feature } from '../column/feature.ts';
import type { Configuration } from '../configuration.ts';
import type { Contamination } from '../contamination/contamination.ts';
import type { Attribute } from '../latent/attribute.ts';
import type { StoredPosterior } from '../latent/stored-posterior.ts';
import type { Health } from '../health/health.ts';
import type { KnownRows } from '../known/known-rows.ts';

/** The version of the file's layout; a file with a larger one was written by a newer release. */
export const formatVersion = 1;

/** Everything about a model that is not numbers of its networks, as JSON in the model file. */
export interface Manifest {
  readonly formatVersion: number;
  /** The release that wrote the file. */
  readonly version: string;
  readonly schema: Schema;
  readonly features: readonly Feature[];
  readonly configuration: Configuration;
  /** The column that said which rows were normal, and its values for them. */
  readonly label?: { readonly column: string; readonly normal: readonly string[] };
  readonly rows: {
    /** Normal rows in the source. */
    readonly read: number;
    /** Rows that the networks saw. */
    readonly trained: number;
    /** Rows that they did not see and that calibrate the p-values. */
    readonly calibration: number;
  };
  readonly history: History;
  readonly health: Health;
  /** What stood out among the training rows, where they might have held anomalies. */
  readonly contamination?: Contamination;
  readonly calibration: Calibrations;
  /** What rows are generated from; absent in files of before there was any. */
  readonly posterior?: StoredPosterior;
  /** The rows that trained it; absent where nothing of single rows is stored. */
  readonly knownRows?: KnownRows;
  /** Attribute vectors by name. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** SHA-256 of the encoded training rows. */
  readonly fingerprint: string;
}

/** How the training went: means over about a hundred windows of steps, a row and member. */
export interface History {
  readonly step: readonly number[];
  readonly loss: readonly number[];
  readonly reconstruction: readonly number[];
  readonly kl: readonly number[];
  readonly learningRate: readonly number[];
  /** KL to the prior of each latent unit, mean over members and reference rows, in nats. */
  readonly klPerUnit: readonly number[];
  /** Units that vary with the row (variance of the mean code above 0.01: Burda et al. 2016, §3.3), mean over members. */
  readonly activeUnits: number;
}

/** Scores of the calibration rows, ascending, as base64 of doubles: for the model and its fast form. */
export interface Calibrations {
  readonly full: string;
  readonly fast: string;
}
