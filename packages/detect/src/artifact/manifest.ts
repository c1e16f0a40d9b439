import type { Attribute } from '../latent/attribute.ts';
import type { KnownRows } from '../known/known-rows.ts';

/** The version of the file's layout; a file with a larger one was written by a newer release. */
export const formatVersion = 2;

/** What models are of. */
export const kinds = ['table', 'image'] as const;
export type Kind = (typeof kinds)[number];

/** What every kind of model says of itself. */
export interface CommonManifest {
  /** Of the items. */
  readonly kind: Kind;
  /** Of the file. */
  readonly formatVersion: number;
  /** The release that wrote the file. */
  readonly version: string;
  /** What the training was told. */
  readonly configuration: { readonly latentSize: number };
  /** Which items were normal: the values of the label, and its column where it is one. */
  readonly label?: { readonly column?: string; readonly normal: readonly string[] };
  /** How many items took which part. */
  readonly rows: {
    /** Normal items in the source. */
    readonly read: number;
    /** Items that the networks saw. */
    readonly trained: number;
    /** Items that they did not see and that calibrate the p-values. */
    readonly calibration: number;
  };
  /** How the training went. */
  readonly history: History;
  /** Scores of items that training did not see, from which p-values and thresholds come. */
  readonly calibration: Calibrations;
  /** The items that trained it; absent where nothing of single ones is stored. */
  readonly knownRows?: KnownRows;
  /** Directions of the latent space by name: mean differences of two sets of items. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** SHA-256 of what the networks learnt from. */
  readonly fingerprint: string;
}

/** How the training went: means over about a hundred windows of steps, a row and member. */
export interface History {
  /** Steps at which the training was looked at, from 1. */
  readonly step: readonly number[];
  /** `reconstruction` plus the weighed `kl`, in nats a row. */
  readonly loss: readonly number[];
  /** What rows cost given their codes, in nats a row. */
  readonly reconstruction: readonly number[];
  /** What the codes cost, in nats a row. */
  readonly kl: readonly number[];
  /** Of each of these steps. */
  readonly learningRate: readonly number[];
  /** KL to the prior of each latent unit, mean over members and reference rows, in nats. */
  readonly klPerUnit: readonly number[];
  /** Units that vary with the row (variance of the mean code above 0.01: Burda et al. 2016, §3.3), mean over members. */
  readonly activeUnits: number;
}

/** Scores of the calibration rows, ascending, as base64 of doubles: for the model and its fast form, where it has one. */
export interface Calibrations {
  readonly full: string;
  readonly fast?: string;
}
